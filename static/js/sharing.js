/* Keeps a request to share as a draft on the server while it is written; the form's own button does the same without this. */
const IDLE = 2500;

class Keeper {
  constructor(form) {
    this.form = form;
    this.said = form.querySelector("[data-autosaved]");
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => this.stop());
  }

  stop() {
    clearTimeout(this.timer);
    this.over = true;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), IDLE);
  }

  /* One at a time: the first answer brings the address of the draft, and a second request before it would begin another. */
  async keep() {
    if (this.over || this.busy) return this.busy && this.later();
    this.busy = true;
    const body = new FormData(this.form);
    body.set("act", "save");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      await this.tell(answer);
    } catch {
      this.say(this.said.dataset.away);
    }
    this.busy = false;
  }

  async tell(answer) {
    if (answer.redirected || !answer.headers.get("Content-Type")?.startsWith("application/json")) {
      this.say(this.said.dataset.away);
      return;
    }
    const told = await answer.json();
    if (!answer.ok) {
      this.say(`${this.said.dataset.failed} ${told.message} (${told.code})`);
      return;
    }
    this.form.action = told.edit;
    if (!this.over) history.replaceState(null, "", told.edit);
    this.say(this.said.dataset.saved);
  }

  say(words) {
    this.said.hidden = false;
    this.said.textContent = words;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Keeper(form);
