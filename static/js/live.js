/*
 * Live news: one stream per visible tab says what changed; parts of the page that show it ask for themselves again.
 * A part names what it shows by its id (a job card) or in data-live ("inbox review"), and has hx-trigger="live".
 * While there is no stream, the parts that also poll ("every 2s") do; while there is one, they rest.
 */
const LATER = [2000, 5000, 15000, 60000];
const PATIENCE = 4000;
const SAID_FOR = 6000;
const EVERYTHING = "*";

export function listenForNews() {
  const note = document.getElementById("network");
  if (note) new News(note);
}

class News {
  constructor(note) {
    this.note = note;
    this.up = false;
    this.last = "";
    this.fails = 0;
    this.answered = 0;
    this.lost = false;
    this.over = false;
    document.addEventListener("htmx:before:request", (event) => this.guard(event));
    document.addEventListener("htmx:error", (event) => event.detail.error instanceof TypeError && this.lose());
    document.addEventListener("htmx:after:request", () => this.regain());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.open()));
    addEventListener("offline", () => this.cut());
    addEventListener("online", () => this.open());
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", () => this.open());
    this.open();
  }

  open() {
    if (this.source || document.hidden || this.over || !window.EventSource) return;
    clearTimeout(this.again);
    const after = this.last ? `?after=${encodeURIComponent(this.last)}` : "";
    const source = (this.source = new EventSource(this.note.dataset.events + after));
    source.addEventListener("begin", (event) => this.begin(event));
    source.addEventListener("message", (event) => this.hear(event));
    source.addEventListener("end", (event) => this.end(JSON.parse(event.data)));
    source.addEventListener("error", () => this.fail());
  }

  /* A hidden tab holds no stream: browsers allow six connections to one site. */
  rest() {
    this.up = false;
    clearTimeout(this.again);
    clearTimeout(this.doubt);
    this.source?.close();
    this.source = null;
  }

  begin(event) {
    const first = !this.last;
    this.up = true;
    this.fails = 0;
    clearTimeout(this.doubt);
    /* What changed between the page and its first stream is nowhere written down: ask for all of it once. */
    if (first) this.tell([EVERYTHING]);
    this.hear(event);
    this.regain();
  }

  hear(event) {
    this.last = event.lastEventId || this.last;
    this.tell(JSON.parse(event.data));
  }

  tell(subjects) {
    const parts = subjects.includes(EVERYTHING)
      ? document.querySelectorAll("[data-live], [data-poll]")
      : subjects.flatMap((subject) => [...document.querySelectorAll(`#${CSS.escape(subject)}, [data-live~="${CSS.escape(subject)}"]`)]);
    for (const part of new Set(parts)) part.dispatchEvent(new CustomEvent("live"));
  }

  end(code) {
    this.rest();
    if (code === "renew") return this.open();
    if (code === "signed-out") {
      this.over = true;
      this.say(this.note.dataset.out);
    } else this.retry();
  }

  /* Refused or broken: a refused stream is closed and tried again later, a broken one the browser opens again by itself. */
  fail() {
    this.up = false;
    if (this.source?.readyState === EventSource.CLOSED) {
      this.rest();
      this.retry();
      return;
    }
    clearTimeout(this.doubt);
    this.doubt = setTimeout(() => Date.now() - this.answered > PATIENCE && this.lose(), PATIENCE);
  }

  retry() {
    const wait = LATER[Math.min(this.fails, LATER.length - 1)];
    this.fails += 1;
    this.again = setTimeout(() => this.open(), wait * (0.8 + 0.4 * Math.random()));
  }

  /* The machine says that it has no network; the retry finds out whether this site is on the machine itself. */
  cut() {
    this.rest();
    this.lose();
    this.retry();
  }

  lose() {
    if (this.lost || this.up || document.hidden) return;
    this.lost = true;
    this.say(this.note.dataset.lost);
  }

  regain() {
    this.answered = Date.now();
    if (!this.lost) return;
    this.lost = false;
    this.say(this.note.dataset.back);
    this.quiet = setTimeout(() => (this.note.hidden = true), SAID_FOR);
  }

  say(words) {
    clearTimeout(this.quiet);
    this.note.textContent = words;
    this.note.hidden = false;
    const live = document.getElementById("live");
    if (live) live.textContent = words;
  }

  /* The clock of a polling part is answered only while there is no stream, and never after signing out. */
  guard(event) {
    if (event.detail.ctx.sourceEvent?.type === "every" && (this.up || this.over)) event.preventDefault();
  }
}
