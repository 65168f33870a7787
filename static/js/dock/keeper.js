/*
 * Keeps what is written as a storyboard on the server. The version it answers with is sent with the next text; when another
 * window has saved in between, the server says so, shows the other text, and nothing is written until a person chose.
 * While the connection is away the text stays in the page, the page says so, and it is tried again by itself.
 */
const PATIENCE = 900;
const LONGEST_WAIT = 30000;

export class Keeper {
  constructor(dock, until) {
    this.dock = dock;
    this.form = dock.form;
    this.url = this.form.dataset.saveUrl;
    this.at = this.form.querySelector("[data-saved]");
    this.unsaved = false;
    this.failed = 0;
    this.stuck = Boolean(this.form.querySelector("[data-conflict]"));
    if (!this.url) return;
    addEventListener("online", () => this.unsaved && this.save(), until);
    addEventListener("beforeunload", (event) => {
      if (this.unsaved && (this.failed || this.stuck)) event.preventDefault();
    }, until);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.unsaved && !this.stuck && this.worth) {
        fetch(this.url, { method: "POST", body: this.dock.body(), keepalive: true, headers: { "HX-Request": "true" } }).catch(() => {});
      }
    }, until);
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  /* An empty dock is no storyboard. */
  get worth() {
    return Boolean(this.field("storyboard")?.value || this.field("title")?.value.trim() || this.dock.shots.some((shot) => shot.querySelector("textarea").value.trim()));
  }

  soon(wait = PATIENCE) {
    if (!this.url) return;
    this.unsaved = true;
    clearTimeout(this.timer);
    if (!this.stuck) this.timer = setTimeout(() => this.save(), wait);
  }

  /* One save at a time; `how` is what a person chose in a conflict. */
  async save(how = "") {
    if (!this.url || (this.stuck && !how)) return;
    await this.busy;
    clearTimeout(this.timer);
    if (!this.worth) return;
    this.busy = this.send(how);
    await this.busy;
    this.busy = null;
  }

  /* No save begins before a film is asked for; one that is under way ends first, so that its storyboard is known. */
  async rest() {
    clearTimeout(this.timer);
    await this.busy;
  }

  /* The page is left on purpose, or another dock stands here now. */
  leave() {
    clearTimeout(this.timer);
    this.unsaved = false;
  }

  async send(how) {
    this.unsaved = false;
    const body = this.dock.body();
    if (how) body.set("how", how);
    if (!this.failed) this.say("saving");
    let answer;
    try {
      answer = await this.dock.post(this.url, body);
    } catch {
      this.fail("lost");
      return;
    }
    if (answer.redirected) {
      this.fail("out");
    } else if (answer.status === 409) {
      this.stuck = this.unsaved = true;
      this.say("");
      this.form.querySelector("[data-said]").innerHTML = await answer.text();
    } else if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
      this.took(await answer.json());
    } else {
      if (answer.status === 403) await this.renew();
      this.fail("fault");
    }
  }

  took(kept) {
    this.field("storyboard").value = kept.storyboard;
    this.field("version").value = kept.version;
    this.failed = 0;
    if (this.stuck) this.form.querySelector("[data-said]").replaceChildren();
    this.stuck = false;
    if (location.pathname + location.search !== kept.address) history.replaceState(history.state, "", kept.address);
    if (!this.unsaved) this.say("saved");
  }

  fail(words) {
    this.failed += 1;
    this.say(words);
    this.soon(Math.min(LONGEST_WAIT, 2000 * 2 ** Math.min(this.failed, 5)));
  }

  /* Signing in anew in another window changes the token of every open form. */
  async renew() {
    try {
      const page = await (await fetch(location.pathname)).text();
      const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page)?.[1];
      if (token) this.field("csrfmiddlewaretoken").value = token;
    } catch { /* the next try asks again */ }
  }

  say(words) {
    if (!this.at) return;
    this.at.textContent = words ? this.at.dataset[`${words}Words`] : "";
    this.at.toggleAttribute("data-bad", !["", "saved", "saving"].includes(words));
  }
}
