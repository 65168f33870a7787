/* Former prompts: Alt and the arrows go through them within a prompt; the dialog searches them and puts one into the shot last written in. */
export function recallPrompts(dock, until) {
  const { form } = dock;
  let texts = null;
  let last = null;
  const places = new WeakMap();

  function put(field, text) {
    dock.undo.step();
    field.value = text;
    dock.changed();
  }

  async function recall(field, older) {
    if (!texts) {
      try {
        texts = (await (await fetch(form.dataset.recentUrl)).json()).prompts;
      } catch {
        return;
      }
    }
    const place = places.get(field) ?? { at: -1, typed: field.value };
    const at = Math.max(-1, Math.min(texts.length - 1, place.at + (older ? 1 : -1)));
    if (at === place.at) return;
    places.set(field, { at, typed: place.typed });
    put(field, at < 0 ? place.typed : texts[at]);
  }

  form.addEventListener("keydown", (event) => {
    if (!event.altKey || !event.target.matches("[data-shot] textarea") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    if (form.dataset.recentUrl) recall(event.target, event.key === "ArrowUp");
  }, until);
  form.addEventListener("input", (event) => places.delete(event.target), until);
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-shot] textarea")) last = event.target;
  }, until);
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-use-prompt]");
    if (!chosen) return;
    const field = last?.isConnected ? last : dock.shots[0].querySelector("textarea");
    chosen.closest("dialog")?.close();
    put(field, chosen.textContent);
    field.focus();
  }, until);
}
