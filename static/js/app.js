/* Starts what a page uses. Every page works without it; each import is one subject. */
import { playOnIntent } from "./hover.js";
import { listenForKeys } from "./keys.js";
import { listenForNews } from "./live.js";

/* Controls that only make sense with JavaScript are rendered hidden. */
function reveal(root) {
  for (const control of root.querySelectorAll("[data-needs-js][hidden]")) control.hidden = false;
}

function answerClicks(event) {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.openDialog);
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) {
    closer.closest("dialog")?.close();
    return;
  }
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
}

/* One press, one order: a form with data-once ignores further submits until the page is shown again. */
function submitOnce(event) {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "yes";
}

/* Says a change of state once; percentages are never announced. */
function announce(root) {
  const live = document.getElementById("live");
  if (!live) return;
  for (const said of root.querySelectorAll("[data-announce]")) {
    const key = said.id || said.closest("[id]")?.id;
    const text = said.dataset.announce;
    if (heard.has(key) && heard.get(key) !== text) live.textContent = text;
    heard.set(key, text);
  }
}
const heard = new Map();

/* Polling rests while nobody looks, and a sign-in page never lands inside a card. */
function guardPolling() {
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden && event.target.closest?.("[data-poll]")) event.preventDefault();
  });
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.raw.redirected) {
      event.preventDefault();
      location.reload();
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    reveal(document);
    announce(document);
  });
}

reveal(document);
announce(document);
guardPolling();
playOnIntent();
/* The dock is for the studio: no other page loads it. */
if (document.querySelector("form.dock")) import("./dock.js").then((dock) => dock.openDocks());
listenForKeys();
listenForNews();
document.addEventListener("click", answerClicks);
document.addEventListener("submit", submitOnce);
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});
