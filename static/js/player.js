/*
 * <vn-player> around one film, <vn-compare> around two: the controls of templates/ui/player_bar.html over native video.
 * Without this file, or in a browser that cannot say which frame it shows, the native controls stay as they are.
 * Shortcuts are the data-key of the buttons (js/keys.js). `frame` is the frame shown; an element with data-frame="41"
 * anywhere on the page goes there.
 */
import { Filmstrip, layPins } from "./filmstrip.js";
import { Reel, WAYS, frameIn } from "./frames.js";

const SPEEDS = [-4, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 4];
const STORE = "vernissage-count";
const STALLED = 0.25; /* seconds: beyond this one of two films waited for data; less is how two players drift */

class Player extends HTMLElement {
  connectedCallback() {
    this.bar = this.querySelector("[data-player]");
    if (this.reels || !this.bar || !HTMLVideoElement.prototype.requestVideoFrameCallback) return;
    this.reels = [...this.querySelectorAll("video")].map((video) => new Reel(video));
    /* The longest film leads: its end is the end. */
    this.lead = this.reels.reduce((a, b) => (b.frames / b.fps > a.frames / a.fps ? b : a));
    this.speed = 1;
    for (const name of ["playhead", "pictures", "peek", "pins", "now", "end", "typed", "count", "told", "broken"]) this[name] = this.querySelector(`[data-${name}]`);
    this.playhead.max = this.lead.last;
    this.bar.hidden = false;
    this.dataset.ready = "";
    this.listen();
    this.lay();
    try {
      const kept = localStorage.getItem(STORE);
      if (kept in WAYS) this.count.value = kept;
    } catch { /* storage may be forbidden: timecode it is */ }
    this.show();
  }

  disconnectedCallback() {
    this.sizes?.disconnect();
    if (this.reels) this.halt();
  }

  get frame() {
    return this.lead.frame;
  }

  get running() {
    return Boolean(this.turning) || !this.lead.video.paused;
  }

  listen() {
    for (const reel of this.reels) {
      reel.video.controls = false;
      reel.watch(() => (reel === this.lead ? this.follow() : this.label(reel)));
      reel.video.addEventListener("click", () => this.act("toggle"));
    }
    const { video } = this.lead;
    video.addEventListener("play", () => this.say());
    video.addEventListener("pause", () => this.settle());
    video.addEventListener("ended", () => {
      if (!this.loop) return;
      this.seek(0);
      this.run(this.speed);
    });
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.act(button.dataset.do, button);
    });
    this.playhead.addEventListener("input", () => this.go(Number(this.playhead.value)));
    this.playhead.addEventListener("pointerdown", () => (this.resume = this.running && this.speed));
    this.playhead.addEventListener("pointerup", () => this.resume && this.run(this.resume));
    this.playhead.addEventListener("pointermove", (event) => this.look(event));
    this.playhead.addEventListener("pointerleave", () => (this.peek.hidden = true));
    this.count.addEventListener("change", () => {
      try {
        localStorage.setItem(STORE, this.count.value);
      } catch { /* it holds for this page */ }
      this.show();
    });
    this.typed.addEventListener("keydown", (event) => this.type(event));
    this.typed.addEventListener("input", () => this.typed.setCustomValidity(""));
    this.typed.addEventListener("blur", () => this.ask(false));
    /* A film may have failed before this file came. */
    this.broken.hidden = !this.reels.some(({ video }) => video.error || video.networkState === video.NETWORK_NO_SOURCE);
    this.addEventListener("error", ({ target }) => /^(VIDEO|SOURCE)$/.test(target.tagName) && (this.broken.hidden = false), true);
  }

  /* Pictures and pins, anew with every change of width. */
  lay() {
    if (this.dataset.strip) {
      this.film = new Filmstrip(this.dataset, this.lead.frames);
      this.film.ready.then(() => this.film.paint(this.pictures, this.lead.frames));
    }
    this.sizes = new ResizeObserver(() => {
      this.film?.paint(this.pictures, this.lead.frames);
      if (this.pins) layPins(this.pins, this.lead.last);
    });
    this.sizes.observe(this.bar);
  }

  /* Marks come and go while the film stays where it is: this list takes the place of the pins, or nothing does. */
  mark(list) {
    this.pins?.remove();
    this.pins = list;
    if (!list) return;
    this.bar.before(list);
    layPins(list, this.lead.last);
  }

  act(name, button) {
    const step = (by) => this.go(this.frame + by);
    const acts = {
      toggle: () => (this.running ? this.halt() : this.run(Math.abs(this.speed))),
      first: () => this.go(0),
      back10: () => step(-10),
      back: () => step(-1),
      on: () => step(1),
      on10: () => step(10),
      last: () => this.go(this.lead.last),
      slower: () => this.shuttle(-1),
      faster: () => this.shuttle(1),
      loop: () => button.setAttribute("aria-pressed", (this.loop = !this.loop)),
      captions: () => this.caption(button),
      full: () => this.full(),
      ask: () => this.ask(true),
    };
    acts[name]?.();
  }

  /* To a frame, at rest. The frame asked for is the truth from here on; the picture follows. */
  go(frame) {
    this.halt();
    this.seek(frame);
  }

  seek(frame) {
    this.lead.seek(frame);
    for (const reel of this.reels) {
      if (reel !== this.lead) reel.seek(Math.floor(((this.frame + 0.5) / this.lead.fps) * reel.fps));
    }
    this.show();
  }

  halt() {
    cancelAnimationFrame(this.turning);
    this.turning = 0;
    for (const { video } of this.reels) video.pause();
    this.speed = Math.abs(this.speed);
    this.say();
  }

  /* At rest, every film stands in the middle of the frame that is told. */
  settle() {
    const { video } = this.lead;
    if (this.turning || (video.ended && this.loop)) return;
    let at = this.frame;
    if (video.ended) at = this.lead.last;
    else if (document.hidden) at = Math.floor(video.currentTime * this.lead.fps); /* no frames are told meanwhile */
    for (const reel of this.reels) reel.video.pause();
    this.seek(at);
    this.say();
  }

  /* One step down or up the speeds; at rest, back or on at the speed chosen. */
  shuttle(by) {
    if (!this.running) return this.run(by * Math.abs(this.speed));
    const next = SPEEDS[SPEEDS.indexOf(this.speed) + by];
    if (next) this.run(next);
  }

  run(speed) {
    this.speed = speed;
    cancelAnimationFrame(this.turning);
    this.turning = 0;
    if (speed < 0) return this.reverse();
    if (this.frame >= this.lead.last) this.seek(0);
    for (const { video, frame, last } of this.reels) {
      video.playbackRate = speed;
      if (frame < last && !video.ended) video.play().catch(() => this.say());
    }
    this.say();
  }

  /* No browser plays backwards: frames are sought in time with the clock, as many as the machine can show. */
  reverse() {
    for (const { video } of this.reels) video.pause();
    if (!this.frame && this.loop) this.seek(this.lead.last);
    const [from, since] = [this.frame, performance.now()];
    const turn = (now) => {
      const frame = Math.max(0, from + Math.round(((now - since) / 1000) * this.speed * this.lead.fps));
      if (frame < this.frame && this.lead.there) this.seek(frame);
      if (this.frame) this.turning = requestAnimationFrame(turn);
      else if (this.loop) this.reverse();
      else this.halt();
    };
    this.turning = requestAnimationFrame(turn);
    this.say();
  }

  /* While the films run: the leader tells the frame, and one that had to wait catches up. */
  follow() {
    const { video } = this.lead;
    for (const reel of this.reels) {
      const late = Math.abs(reel.video.currentTime - video.currentTime) > STALLED;
      if (late && !reel.video.paused && reel.there) reel.video.currentTime = video.currentTime;
    }
    this.show();
  }

  show() {
    const { frame, fps, last } = this.lead;
    const write = WAYS[this.count.value];
    this.now.textContent = write(frame, fps);
    this.end.textContent = write(last, fps);
    this.playhead.value = frame;
    /* A screen reader on the playhead is told where the film rests, not every frame that runs by. */
    if (!this.running) this.playhead.setAttribute("aria-valuetext", `${this.playhead.dataset.says.replace("%", frame)}, ${WAYS.timecode(frame, fps)}`);
    for (const reel of this.reels) this.label(reel);
  }

  label({ video, frame }) {
    const label = video.closest("figure")?.querySelector("[data-at]");
    if (label) label.textContent = frame;
  }

  /* The state in words: what the button would do next, and the speed. */
  say() {
    this.toggleAttribute("data-running", this.running);
    const toggle = this.bar.querySelector('[data-do="toggle"]');
    toggle.setAttribute("aria-label", toggle.dataset[this.running ? "pause" : "play"]);
    const speed = `${this.speed}\u00d7`.replace("-", "\u2212");
    if (this.told.value !== speed) this.told.value = speed;
  }

  caption(button) {
    const { textTracks } = this.lead.video;
    const on = textTracks[0].mode !== "showing";
    textTracks[0].mode = on ? "showing" : "hidden";
    button.setAttribute("aria-pressed", on);
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.requestFullscreen) this.requestFullscreen();
    else this.lead.video.webkitEnterFullscreen?.();
  }

  /* The field for a frame takes the place of the readout while it is used. */
  ask(open) {
    if (open) this.halt();
    this.typed.hidden = !open;
    this.now.closest("button").hidden = open;
    this.typed.setCustomValidity("");
    if (!open) return;
    this.typed.value = this.now.textContent;
    this.typed.focus();
    this.typed.select();
  }

  type(event) {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Enter") {
      const frame = frameIn(this.typed.value, this.lead.fps);
      if (Number.isNaN(frame)) {
        this.typed.setCustomValidity(this.typed.dataset.wrong);
        this.typed.reportValidity();
        return;
      }
      this.go(frame);
    }
    this.ask(false);
    /* From the playhead one goes on by arrows and Space; the button would take Space for itself. */
    (event.key === "Enter" ? this.playhead : this.now.closest("button")).focus();
  }

  look(event) {
    if (!this.film || event.pointerType === "touch") return;
    const { left, width } = this.playhead.getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (event.clientX - left) / width));
    const frame = Math.round(part * this.lead.last);
    this.peek.hidden = false;
    this.peek.style.setProperty("--x", `${part * width}px`);
    this.peek.lastElementChild.textContent = WAYS[this.count.value](frame, this.lead.fps);
    this.film.peek(this.peek.firstElementChild, frame);
  }
}

customElements.define("vn-player", Player);
customElements.define("vn-compare", class extends Player {});

document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-frame]");
  if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const player = mark.closest("vn-player, vn-compare") ?? document.querySelector("vn-player, vn-compare");
  if (player?.reels) player.go(Number(mark.dataset.frame));
});
