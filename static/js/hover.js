/* A film plays in its frame when somebody means it: 120 ms of pointer or focus, never under reduced motion. */
const INTENT = 120;

export function playOnIntent() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let frame = null;
  let wait = 0;

  function leave() {
    clearTimeout(wait);
    const film = frame?.querySelector("video");
    if (film) {
      film.pause();
      film.remove(); /* frees the decoder and the connection */
    }
    frame?.classList.remove("playing");
    frame = null;
  }

  function enter(event) {
    const next = event.target.closest?.("[data-film]");
    if (next === frame) return;
    leave();
    if (!next || calm.matches) return;
    frame = next;
    wait = setTimeout(() => play(next), INTENT);
  }

  function play(next) {
    const film = document.createElement("video");
    Object.assign(film, { muted: true, loop: true, playsInline: true, tabIndex: -1, src: next.dataset.film });
    film.setAttribute("aria-hidden", "true");
    next.append(film);
    film.play().then(() => next === frame && next.classList.add("playing")).catch(() => film.remove());
  }

  document.addEventListener("pointerover", (event) => event.pointerType !== "touch" && enter(event));
  document.addEventListener("focusin", enter);
  document.addEventListener("focusout", (event) => event.target.closest?.("[data-film]") === frame && leave());
  document.documentElement.addEventListener("pointerleave", leave);
}
