/* Sets the frames of a form where the film rests; without it they are typed. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-range] [data-set]");
  const player = button && [...document.querySelectorAll("vn-player")].find((one) => one.reels);
  if (!player) return;
  player.halt();
  const field = button.parentElement.querySelector("input");
  field.value = player.frame;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
