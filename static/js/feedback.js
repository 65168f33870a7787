/* Fills in the frame the film stands at: into a form about it, and into the link that leads there. */
const player = document.querySelector("vn-player");

function standing() {
  const frame = player?.frame;
  return Number.isInteger(frame) ? frame : null;
}

for (const link of document.querySelectorAll("a[data-with-frame]")) {
  link.addEventListener("click", () => {
    const frame = standing();
    if (frame === null) return;
    const to = new URL(link.href);
    to.searchParams.set("frame", frame);
    link.href = to.href;
  });
}

for (const button of document.querySelectorAll("button[data-take-frame]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.takeFrame);
    const frame = standing();
    if (field === null || frame === null) return;
    field.value = frame;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
