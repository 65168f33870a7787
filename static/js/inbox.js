/* A notice whose link is followed is read: its own button says so, without waiting. Without this, the button does. */
function readOn(event) {
  const link = event.target.closest?.("a.notice-row-title");
  const form = link?.closest(".notice-row")?.querySelector("form[data-reads]");
  if (!form) return;
  fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" }).catch(() => {});
}

document.addEventListener("click", readOn);
document.addEventListener("auxclick", readOn);
