/*
 * Single-key shortcuts (WCAG 2.1.4): any element with data-key="x" is pressed or focused by x, and data-key-says names it.
 * Several keys stand with spaces between, in the words of aria-keyshortcuts: data-key="ArrowLeft ,", "Shift+ArrowLeft", "Space".
 * The "?" sheet lists what the page really has and holds the switch that turns all of them off.
 */
const STORE = "vernissage-keys";

const root = document.documentElement;
const off = () => root.dataset.keys === "off";
const typing = (target) => target.closest("input:not([type='range'], [type='radio'], [type='checkbox']), textarea, select, [contenteditable], video[controls]");
/* Keys that scroll the page or move within a control: ours only while nothing else on the page has the focus. */
const SHARED = /^(Space|Home|End|(Shift\+)?Arrow\w+)$/;
const SIGNS = { ArrowLeft: "\u2190", ArrowRight: "\u2192", ArrowUp: "\u2191", ArrowDown: "\u2193" };

const keysOf = (element) => element.dataset.key.split(" ");

function pressed({ key, shiftKey }) {
  const name = key === " " ? "Space" : key;
  return shiftKey && name.length > 1 ? `Shift+${name}` : name;
}

/* Whether a key of ours would take something from the element that has the focus. */
function spokenFor(key, focused, target) {
  if (!SHARED.test(key) || focused === document.body || focused.id === "main") return false;
  if (key === "Space" && focused.closest("button, a, summary")) return true;
  return !target.closest("vn-player, vn-compare")?.contains(focused);
}

export function listenForKeys() {
  try {
    if (localStorage.getItem(STORE)) root.dataset.keys = localStorage.getItem(STORE);
  } catch { /* storage may be forbidden; the shortcuts then stay as the server said */ }
  const sheet = document.getElementById("keys");
  const control = sheet?.querySelector("[data-keys-switch]");
  if (control) {
    control.checked = !off();
    control.addEventListener("change", () => {
      root.dataset.keys = control.checked ? "on" : "off";
      try {
        localStorage.setItem(STORE, root.dataset.keys);
      } catch { /* as above: it holds for this page */ }
    });
    sheet.addEventListener("toggle", () => sheet.open && fill(sheet));
    for (const opener of document.querySelectorAll('[data-open-dialog="keys"]')) opener.addEventListener("click", () => fill(sheet));
  }
  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" && sheet) {
      event.preventDefault();
      fill(sheet);
      sheet.showModal();
      return;
    }
    const key = pressed(event);
    const target = keyed().find((element) => keysOf(element).includes(key));
    if (!target || spokenFor(key, event.target, target)) return;
    event.preventDefault();
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  });
}

function keyed() {
  return [...document.querySelectorAll("[data-key]")].filter((element) => element.checkVisibility?.() ?? true);
}

function fill(sheet) {
  const list = sheet.querySelector("[data-keys-list]");
  list.querySelectorAll("[data-found]").forEach((row) => row.remove());
  const seen = new Set();
  for (const element of keyed()) {
    if (seen.has(element.dataset.key)) continue;
    seen.add(element.dataset.key);
    const term = document.createElement("dt");
    const says = document.createElement("dd");
    says.textContent = element.dataset.keySays || element.textContent.trim();
    for (const keys of keysOf(element)) {
      const key = document.createElement("kbd");
      key.textContent = keys.split("+").map((name) => SIGNS[name] ?? (name === "Space" ? list.dataset.space : name)).join(" ");
      term.append(key, " ");
    }
    for (const part of [term, says]) part.dataset.found = "";
    list.append(term, says);
  }
}
