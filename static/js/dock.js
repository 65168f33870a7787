/*
 * The studio's dock: add, remove and move shots, the total of seconds, the quote asked of the server, and asking for a film.
 * The form is a plain one (fields shots-0-prompt, shots-1-prompt ...); without JavaScript it has spare empty shots.
 * The server renders every dock: after another model or a refusal the whole form is replaced by what it answers.
 */
import { dragShots } from "./dock/drag.js";
import { Keeper } from "./dock/keeper.js";
import { takePictures } from "./dock/pictures.js";
import { recallPrompts } from "./dock/prompts.js";
import { Undo } from "./dock/undo.js";

const PATIENCE = 250;

export function openDocks() {
  for (const form of document.querySelectorAll("form.dock")) new Dock(form);
}

class Dock {
  constructor(form, before) {
    this.form = form;
    this.list = form.querySelector("[data-shots]");
    this.blank = form.querySelector("template[data-blank-shot]");
    this.bar = form.querySelector("[data-bar]");
    this.quoteAt = form.querySelector("[data-quote]");
    this.asked = null;
    this.life = new AbortController();
    const until = { signal: this.life.signal };
    for (const control of form.querySelectorAll("[data-needs-js][hidden]")) control.hidden = false;
    form.addEventListener("click", (event) => this.answerClick(event), until);
    form.addEventListener("change", (event) => {
      if (event.target.dataset.redraw) this.redraw(event.target.dataset.redraw);
      else if (event.target.type !== "file") this.changed();
    }, until);
    form.addEventListener("input", (event) => {
      if (event.target.matches("[data-seed]")) this.showLock(event.target.closest("[data-shot]"));
      if (event.target.matches("input, textarea")) this.changed(true);
    }, until);
    form.addEventListener("submit", (event) => this.answerSubmit(event), until);
    form.addEventListener("keydown", (event) => {
      const command = event.ctrlKey || event.metaKey;
      if (event.key === "Enter" && command) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[data-generate]"));
      } else if (command && event.key.toLowerCase() === "z" && !event.target.matches("input, textarea")) {
        event.preventDefault();
        this.undo.go(event.shiftKey ? "redo" : "undo");
      } else if (event.key === "Escape") {
        delete form.dataset.open;
        document.activeElement?.blur();
      }
    }, until);
    /* On small screens the dock opens on first use and closes when one taps elsewhere or presses Escape. */
    form.addEventListener("focusin", () => (form.dataset.open = ""), until);
    document.addEventListener("pointerdown", (event) => {
      if (!form.contains(event.target) && !event.target.closest("dialog")) delete form.dataset.open;
    }, until);
    this.keeper = new Keeper(this, until);
    this.undo = new Undo(this, before?.undo);
    dragShots(this, until);
    this.showPicture = takePictures(this, until);
    recallPrompts(this, until);
    this.renumber();
    this.undo.show();
    if (before) return;
    const chosen = [...form.querySelectorAll("select[data-redraw]")].find(isMoved);
    if (chosen) this.redraw(chosen.dataset.redraw);
    else if (this.touched) this.changed();
  }

  /* Written before this script was there, or put back by the browser: it is kept like anything typed later. */
  get touched() {
    return [...this.form.elements].some((field) =>
      field.matches("textarea, input:not([type=hidden], [type=file])") && field.value !== field.defaultValue);
  }

  get shots() {
    return [...this.list.querySelectorAll("[data-shot]")];
  }

  get most() {
    return Number(this.form.dataset.most) || 60;
  }

  /* What is sent: files go by themselves, each as soon as it is chosen. */
  body() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    return body;
  }

  post(url, body) {
    return fetch(url, { method: "POST", body, headers: { "HX-Request": "true" } });
  }

  /* Something was written or moved: count, ask the price, remember, keep. `typing` gathers keys to one step of undo. */
  changed(typing = false) {
    this.refresh();
    this.undo.note(typing);
    this.keeper.soon();
  }

  answerClick(event) {
    const button = event.target.closest("[data-do]");
    if (!button || button.disabled) return;
    const shot = button.closest("[data-shot]");
    const acts = {
      add: () => this.add(),
      remove: () => this.remove(shot),
      earlier: () => this.move(shot, shot.previousElementSibling, "before", button),
      later: () => this.move(shot, shot.nextElementSibling, "after", button),
      lock: () => this.lock(shot),
      unpicture: () => {
        this.showPicture(shot, "", "");
        this.changed();
        shot.querySelector("textarea").focus();
      },
      undo: () => this.undo.go("undo"),
      redo: () => this.undo.go("redo"),
    };
    acts[button.dataset.do]?.();
  }

  newShot() {
    return this.blank.content.firstElementChild.cloneNode(true);
  }

  add() {
    if (!this.blank || this.shots.length >= this.most) return;
    const shot = this.newShot();
    const last = this.shots.at(-1);
    last.after(shot);
    const length = shot.querySelector("[data-length]");
    const before = last.querySelector("[data-length]");
    if (length && before) length.value = before.value;
    this.renumber();
    this.changed();
    shot.querySelector("textarea").focus();
    shot.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  remove(shot) {
    if (this.shots.length < 2) return;
    const near = shot.nextElementSibling?.matches("[data-shot]") ? shot.nextElementSibling : shot.previousElementSibling;
    shot.remove();
    this.renumber();
    this.changed();
    near.querySelector("textarea").focus();
  }

  move(shot, other, side, button) {
    if (!other?.matches("[data-shot]")) return;
    other[side](shot);
    this.renumber();
    this.changed();
    (button.disabled ? shot.querySelector("textarea") : button).focus();
  }

  /* A seed in the field is kept for every film; an empty one is drawn anew. */
  lock(shot) {
    const seed = shot.querySelector("[data-seed]");
    const drawn = shot.querySelector("[data-drawn]");
    if (seed.value) {
      drawn.value = seed.value;
      seed.value = "";
    } else {
      seed.value = drawn.value || crypto.getRandomValues(new Uint32Array(1))[0];
    }
    this.showLock(shot);
    this.changed();
  }

  showLock(shot) {
    const seed = shot.querySelector("[data-seed]");
    if (!seed) return;
    const drawn = shot.querySelector("[data-drawn]").value;
    seed.placeholder = drawn ? seed.dataset.last.replace("%", drawn) : seed.dataset.any;
    shot.querySelector('[data-do="lock"]').setAttribute("aria-pressed", seed.value ? "true" : "false");
  }

  /* Names follow the order on screen: the server reads shots-0, shots-1 ... */
  renumber() {
    const shots = this.shots;
    shots.forEach((shot, index) => {
      for (const part of shot.querySelectorAll("[name], [id], [for], [aria-describedby], [aria-labelledby]")) {
        for (const kind of ["name", "id", "for", "aria-describedby", "aria-labelledby"]) {
          const value = part.getAttribute(kind);
          if (value) part.setAttribute(kind, value.replace(/shots-(?:\d+|__prefix__)-/g, `shots-${index}-`));
        }
      }
      shot.querySelector("[data-number]").textContent = index + 1;
      for (const named of shot.querySelectorAll("[data-says]")) {
        const says = named.dataset.says.replace("%", index + 1);
        if (named.tagName === "LABEL") named.textContent = says;
        else named.setAttribute("aria-label", says);
      }
      const first = index === 0;
      const last = index === shots.length - 1;
      this.allow(shot, "earlier", !first);
      this.allow(shot, "later", !last);
      this.allow(shot, "remove", shots.length > 1);
      const follow = shot.querySelector("[data-follow]");
      if (follow) {
        follow.hidden = first;
        /* A shot that came first has nothing to continue. */
        if (first) follow.querySelector("select").selectedIndex = 0;
      }
      this.showLock(shot);
    });
    const total = this.form.querySelector('[name="shots-TOTAL_FORMS"]');
    if (total) total.value = shots.length;
    this.refresh();
  }

  allow(shot, act, yes) {
    const button = shot.querySelector(`[data-do="${act}"]`);
    if (button) button.disabled = !yes;
  }

  refresh() {
    let total = 0;
    for (const shot of this.shots) {
      const field = shot.querySelector("[data-length]");
      const seconds = Number(field?.selectedOptions?.[0]?.dataset.seconds ?? field?.value) || 0;
      const span = shot.querySelector("[data-span]");
      if (span) span.textContent = `${tidy(total)}\u2013${tidy(total + seconds)} s`;
      total += seconds;
    }
    if (this.bar) {
      const limit = Number(this.bar.querySelector("progress").max);
      this.bar.querySelector("progress").value = total;
      this.bar.querySelector("[data-total]").textContent = tidy(total);
      this.bar.querySelector("[data-count]").textContent = this.bar.dataset[this.shots.length === 1 ? "one" : "many"].replace("%", this.shots.length);
      this.bar.toggleAttribute("data-over", total > limit);
    }
    this.askQuote();
  }

  /* Prompts never travel in an address: the quote is asked by POST. */
  askQuote() {
    const url = this.form.dataset.quoteUrl;
    if (!url || !this.quoteAt) return;
    clearTimeout(this.wait);
    this.wait = setTimeout(async () => {
      this.asked?.abort();
      this.asked = new AbortController();
      try {
        const answer = await fetch(url, { method: "POST", body: this.body(), signal: this.asked.signal, headers: { "HX-Request": "true" } });
        if (answer.ok && !answer.redirected) this.quoteAt.innerHTML = await answer.text();
        else this.quoteAt.textContent = this.quoteAt.dataset.unknown;
      } catch (error) {
        if (error.name !== "AbortError") this.quoteAt.textContent = this.quoteAt.dataset.unknown;
      }
    }, PATIENCE);
  }

  /* Another model or look: what it offers differs, so the server draws the dock anew around what is typed. */
  async redraw(kind) {
    const body = this.body();
    body.set("changed", kind);
    try {
      const answer = await this.post(this.form.dataset.dockUrl, body);
      const next = answer.redirected ? null : this.swap(await answer.text());
      if (next) next.keeper.soon();
      else this.keeper.say(answer.redirected ? "out" : "fault");
    } catch {
      this.keeper.say("lost");
    }
  }

  async answerSubmit(event) {
    event.preventDefault();
    const by = event.submitter;
    if (by?.name === "how") {
      this.keeper.save(by.value);
      return;
    }
    if (this.sending) return;
    this.sending = true;
    const button = this.form.querySelector("[data-generate]");
    button.setAttribute("aria-disabled", "true");
    try {
      await this.keeper.rest();
      const answer = await this.post(this.form.action, this.body());
      const next = answer.headers.get("HX-Redirect");
      if (next) {
        this.keeper.leave();
        location.assign(next);
        return;
      }
      if (answer.redirected) this.keeper.say("out");
      else if (!this.swap(await answer.text())) this.keeper.say("fault");
    } catch {
      this.keeper.say("unsent");
    } finally {
      this.sending = false;
      button.removeAttribute("aria-disabled");
    }
  }

  /* Put the server's dock in the place of this one; null when the answer holds none. */
  swap(html) {
    const box = document.createElement("div");
    box.innerHTML = html;
    const next = box.querySelector("form.dock");
    if (!next) return null;
    const focused = this.form.contains(document.activeElement) ? document.activeElement.id : "";
    if ("open" in this.form.dataset) next.dataset.open = "";
    clearTimeout(this.wait);
    this.keeper.leave();
    this.life.abort();
    this.form.replaceWith(next);
    const dock = new Dock(next, this);
    const wrong = next.querySelector("[data-error] textarea");
    (wrong ?? (focused ? document.getElementById(focused) : null))?.focus();
    return dock;
  }
}

/* Chosen before this script was there, or put back by the browser: what the page shows is still that of another model or look. */
const isMoved = ({ options, selectedIndex }) =>
  selectedIndex !== Math.max(0, [...options].findIndex((option) => option.defaultSelected));

const tidy = (seconds) => String(Math.round(seconds * 100) / 100);
