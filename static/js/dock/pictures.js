/* Reference images: chosen, dropped on a shot or pasted into it; each is sent at once, and the server's sentence stands at the shot. */
const LARGEST = 20 * 1024 * 1024;

export function takePictures(dock, until) {
  const { form } = dock;

  function show(shot, reference, address) {
    const room = shot.querySelector("[data-picture]");
    if (!room) return;
    room.querySelector("[data-reference]").value = reference;
    const shown = room.querySelector("[data-shown]");
    if (address) shown.src = address;
    else shown.removeAttribute("src");
    room.toggleAttribute("data-has", Boolean(address));
  }

  function say(shot, words, bad = true) {
    const at = shot.querySelector("[data-picture-said]");
    at.textContent = words;
    at.toggleAttribute("data-bad", bad);
  }

  async function take(shot, file) {
    if (!form.dataset.pictures || !shot.querySelector("[data-picture]")) return say(shot, form.dataset.noPicture);
    if (file.size > LARGEST) return say(shot, form.dataset.tooLarge);
    say(shot, form.dataset.sending, false);
    const body = new FormData();
    body.set("picture", file, file.name || "image");
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    let answer;
    try {
      answer = await dock.post(form.dataset.pictureUrl, body);
      if (answer.redirected) throw new TypeError("signed out");
      const said = await answer.json();
      if (!answer.ok) return say(shot, `${said.message} (${said.code})`);
      show(shot, said.reference, said.address);
    } catch {
      return say(shot, form.dataset.noConnection);
    }
    say(shot, "", false);
    dock.changed();
  }

  const aim = (event) => event.target.closest("[data-shot]") ?? dock.shots[0];
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (shot) => {
    for (const one of dock.shots) one.toggleAttribute("data-aimed", one === shot);
  };

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file" || !event.target.files.length) return;
    take(aim(event), event.target.files[0]);
    event.target.value = "";
  }, until);
  form.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data?.files.length || data.types.includes("text/plain")) return;
    event.preventDefault();
    take(aim(event), data.files[0]);
  }, until);
  form.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark(aim(event));
  }, until);
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) mark(null);
  }, until);
  form.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark(null);
    if (event.dataTransfer.files.length) take(aim(event), event.dataTransfer.files[0]);
  }, until);
  return show;
}
