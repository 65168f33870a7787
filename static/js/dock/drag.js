/* Shots in another order by pointer: taken at the number, put down between two others; Escape puts it back. The arrows do the same by key. */
const BEGINS = 5;
const EDGE = 40;

export function dragShots(dock, until) {
  const list = dock.list;
  let held = null;

  function end(keep) {
    if (!held) return;
    const { shot, before, began } = held;
    held = null;
    delete shot.dataset.dragging;
    if (!began) return;
    if (keep) {
      dock.renumber();
      dock.changed();
    } else if (before) {
      before.before(shot);
    } else {
      dock.shots.at(-1).after(shot);
    }
  }

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    const shot = grip.closest("[data-shot]");
    const next = shot.nextElementSibling;
    held = { shot, grip, x: event.clientX, y: event.clientY, before: next?.matches("[data-shot]") ? next : null, began: false };
    grip.setPointerCapture(event.pointerId);
    event.preventDefault();
  }, until);

  list.addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!held.began && Math.hypot(event.clientX - held.x, event.clientY - held.y) < BEGINS) return;
    held.began = true;
    held.shot.dataset.dragging = "";
    const others = dock.shots.filter((shot) => shot !== held.shot);
    if (!others.length) return;
    const down = getComputedStyle(list).flexDirection === "column";
    const at = down ? event.clientY : event.clientX;
    const after = others.find((shot) => {
      const box = shot.getBoundingClientRect();
      return at < (down ? box.top + box.height / 2 : box.left + box.width / 2);
    });
    if (after) {
      if (after.previousElementSibling !== held.shot) after.before(held.shot);
    } else if (others.at(-1).nextElementSibling !== held.shot) {
      others.at(-1).after(held.shot);
    }
    const box = list.getBoundingClientRect();
    if (!down && at > box.right - EDGE) list.scrollBy(12, 0);
    if (!down && at < box.left + EDGE) list.scrollBy(-12, 0);
    /* Moving an element in the document lets go of the pointer. */
    if (!held.grip.hasPointerCapture(event.pointerId)) held.grip.setPointerCapture(event.pointerId);
  }, until);

  list.addEventListener("pointerup", () => end(true), until);
  list.addEventListener("pointercancel", () => end(false), until);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !held) return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }, { ...until, capture: true });
}
