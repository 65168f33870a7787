/*
 * The review room: frames set where the film rests, a film that pauses while somebody writes, notes that come and go
 * without the film being loaded anew, a draft kept on the server, and signs of life. Every part works without it.
 */
const PATIENCE = 900;
const LONGEST_WAIT = 30000;
const BEAT = 30000;

const room = document.querySelector(".room");
const film = () => [...room.querySelectorAll("vn-player")].find((player) => player.reels);
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/* Frames. The keys go with the fields somebody worked in last. */
function setFrame(button) {
  const player = film();
  if (!player) return;
  player.halt();
  const field = button.parentElement.querySelector("input");
  field.value = player.frame;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function giveKeys(range) {
  for (const button of room.querySelectorAll("[data-set]")) {
    const has = range.contains(button);
    if (has) button.dataset.key = button.dataset.set === "first" ? "i" : "o";
    else delete button.dataset.key;
    if (has) button.setAttribute("aria-keyshortcuts", button.dataset.key);
    else button.removeAttribute("aria-keyshortcuts");
  }
}

room.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  if (button) return setFrame(button);
  /* A pin goes to its frame, not down to its note; a time in a note goes to the film only where it is out of sight. */
  const mark = event.target.closest("a[data-frame]");
  if (mark && film()) {
    event.preventDefault();
    film().scrollIntoView({ block: "nearest" });
  }
  /* A key chose: go on from the choice. It never sends anything. */
  const choice = event.target.closest(".verdict-choice");
  if (choice && !event.isTrusted) choice.querySelector("input").focus();
});

room.addEventListener("change", ({ target }) => {
  if (target.name !== "outcome") return;
  const range = target.value === "refuse" ? target.form.querySelector("[data-range]") : room.querySelector(".note-form [data-range]");
  if (range) giveKeys(range);
});

room.addEventListener("focusin", ({ target }) => {
  const range = target.closest("form")?.querySelector("[data-range]");
  if (range?.checkVisibility()) giveKeys(range);
});

/* Who writes looks at one frame: the film rests, and an empty note is about the frame shown. */
room.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-pauses]")) return;
  const player = film();
  if (!player) return;
  if (player.running) player.halt();
  if (target.name !== "note") return;
  const fields = [...target.form.querySelectorAll("[data-range] input")];
  if (fields.every((field) => !field.value)) for (const field of fields) field.value = player.frame;
});

/* Notes: sent and shown in place. The answer is the page anew; its notes and pins take the place of ours. */
room.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-notes]")) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  } catch {
    delete form.dataset.sent; /* the page says that the network is lost; what was typed is here */
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const notes = page.getElementById("notes");
  if (!notes) {
    delete form.dataset.sent;
    form.submit(); /* signed out, or too old: the server says so on a page of its own */
    return;
  }
  document.getElementById("notes").replaceWith(document.adoptNode(notes));
  for (const control of notes.querySelectorAll("[data-needs-js][hidden]")) control.hidden = false;
  const pins = page.querySelector("[data-pins]");
  film()?.mark(pins && document.adoptNode(pins));
  const at = notes.querySelector("[aria-invalid]") ?? notes.querySelector("textarea:not([readonly])");
  at?.focus();
  const live = document.getElementById("live");
  if (live && !notes.querySelector("[aria-invalid]")) live.textContent = notes.querySelector("h2").textContent;
});

/* The draft: both forms as they stand, a moment after the last letter. */
class Draft {
  constructor(form) {
    this.url = form.dataset.draftUrl;
    this.said = form.querySelector("[data-saved]");
    this.failed = 0;
    room.addEventListener("input", ({ target }) => target.form?.matches("[data-draft]") && this.soon());
    form.addEventListener("submit", (event) => !event.defaultPrevented && this.leave());
    addEventListener("pageshow", () => (this.left = false));
    addEventListener("online", () => this.unsaved && this.send());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.unsaved && !this.left) this.post({ keepalive: true }).catch(() => {});
    });
    /* One form is sent: what stands in the other is kept before the page goes. */
    for (const other of room.querySelectorAll("form:not([data-draft], [data-notes])")) other.addEventListener("submit", () => this.flush());
  }

  get body() {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    for (const form of room.querySelectorAll("[data-draft]")) {
      for (const [name, value] of new FormData(form)) if (name !== "csrfmiddlewaretoken") body.set(name, value);
    }
    return body;
  }

  post(more) {
    return fetch(this.url, { method: "POST", body: this.body, headers: { Accept: "application/json" }, ...more });
  }

  soon(wait = PATIENCE) {
    this.unsaved = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  /* A draft that is sent after the decision would come back as one. */
  leave() {
    this.left = true;
    this.unsaved = false;
    clearTimeout(this.timer);
    this.under?.abort();
  }

  flush() {
    if (this.unsaved) this.post({ keepalive: true }).catch(() => {});
    this.leave();
  }

  async send() {
    if (this.left) return;
    this.unsaved = false;
    this.under = new AbortController();
    let answer;
    try {
      answer = await this.post({ signal: this.under.signal });
    } catch {
      return this.fail("lost");
    }
    if (answer.redirected) return this.fail("out");
    if (!answer.ok) {
      if (answer.status === 403) await this.renew();
      return this.fail("fault");
    }
    this.failed = 0;
    if (!this.unsaved) this.say("saved");
  }

  /* Signing in anew in another window changes the token of every open form. */
  async renew() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const fresh = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
      if (fresh) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
    } catch { /* the next try asks again */ }
  }

  fail(words) {
    if (this.left) return;
    this.failed += 1;
    this.say(words);
    this.soon(Math.min(LONGEST_WAIT, 2000 * 2 ** Math.min(this.failed, 5)));
  }

  say(words) {
    this.said.textContent = this.said.dataset[`${words}Words`];
    this.said.toggleAttribute("data-bad", words !== "saved");
  }
}

/* Signs of life, only while the page is in view. */
function sit(url) {
  const beat = (begins, more) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    if (begins) body.set("begins", "1");
    fetch(url, { method: "POST", body, ...more }).catch(() => {});
  };
  if (!document.hidden) beat(true);
  setInterval(() => !document.hidden && beat(false), BEAT);
  document.addEventListener("visibilitychange", () => beat(!document.hidden, { keepalive: document.hidden }));
}

const decision = room.querySelector("[data-decision]");
if (decision) new Draft(decision);
const chosen = decision?.querySelector("[name=outcome]:checked");
if (chosen?.value === "refuse") giveKeys(decision.querySelector("[data-range]"));
room.querySelector("[data-refused]")?.focus();
sit(room.dataset.sitting);
