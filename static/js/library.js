/* Library: the star key, how many films are chosen, copying. Every form works without it. */

/* "s" or "." presses the star of the film that has the focus or the pointer, else that of the first one. */
function markStar(card) {
  for (const star of document.querySelectorAll("[data-star][data-key]")) {
    for (const name of ["data-key", "data-key-says", "aria-keyshortcuts"]) star.removeAttribute(name);
  }
  const star = (card ?? document.querySelector("[data-shelf-card]"))?.querySelector("[data-star]");
  if (!star) return;
  const keys = document.querySelector("vn-player") ? "s" : "s ."; /* beside a player "." is its next frame */
  star.dataset.key = keys;
  star.dataset.keySays = star.getAttribute("aria-label");
  star.setAttribute("aria-keyshortcuts", keys);
}

let current = null;

function follow(event) {
  const card = event.target.closest?.("[data-shelf-card]");
  if (!card || card === current) return;
  current = card;
  markStar(card);
}

function countPicks() {
  const picks = [...document.querySelectorAll(".pick")];
  const chosen = picks.filter((pick) => pick.checked).length;
  const said = document.querySelector("[data-picked]");
  const all = document.querySelector("[data-pick-all]");
  if (!said || !all) return;
  said.dataset.before ??= said.textContent;
  said.textContent = chosen ? `${chosen} ${said.dataset.said}` : said.dataset.before;
  all.checked = chosen > 0 && chosen === picks.length;
  all.indeterminate = chosen > 0 && chosen < picks.length;
}

function pickAll(event) {
  if (event.target.matches("[data-pick-all]")) {
    for (const pick of document.querySelectorAll(".pick")) pick.checked = event.target.checked;
  }
  countPicks();
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  const live = document.getElementById("live");
  if (live) live.textContent = button.dataset.copied;
  button.textContent = button.dataset.copied;
}

document.addEventListener("focusin", follow);
document.addEventListener("pointerover", follow);
document.addEventListener("change", pickAll);
document.addEventListener("click", copy);
document.addEventListener("htmx:after:swap", () => markStar(current?.isConnected ? current : null));
addEventListener("pageshow", countPicks);
markStar(null);
countPicks();
