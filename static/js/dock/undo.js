/* Steps back and forward over the shots and the title: what was removed, moved or replaced. Within a field the browser's own undo works. */
const MOST = 60;
const PAUSE = 600;
const KEPT = ["prompt", "length", "seed", "drawn", "follow", "reference"];

export class Undo {
  constructor(dock, before) {
    this.dock = dock;
    this.past = before?.past ?? [];
    this.future = before?.future ?? [];
    this.now = this.read();
  }

  field(shot, name) {
    return shot.querySelector(`[name$="-${name}"]`);
  }

  read() {
    const shots = this.dock.shots.map((shot) => ({
      ...Object.fromEntries(KEPT.map((name) => [name, this.field(shot, name)?.value ?? ""])),
      picture: shot.querySelector("[data-shown]")?.getAttribute("src") ?? "",
    }));
    return JSON.stringify({ title: this.dock.form.elements.title?.value ?? "", shots });
  }

  note(typing) {
    clearTimeout(this.timer);
    if (typing) this.timer = setTimeout(() => this.step(), PAUSE);
    else this.step();
  }

  step() {
    const now = this.read();
    if (now === this.now) return;
    this.past.push(this.now);
    if (this.past.length > MOST) this.past.shift();
    this.future.length = 0;
    this.now = now;
    this.show();
  }

  go(way) {
    clearTimeout(this.timer);
    this.step();
    const [from, to] = way === "undo" ? [this.past, this.future] : [this.future, this.past];
    if (!from.length) return;
    to.push(this.now);
    this.now = from.pop();
    this.write(JSON.parse(this.now));
    this.show();
  }

  write(state) {
    const dock = this.dock;
    while (dock.shots.length > state.shots.length) dock.shots.at(-1).remove();
    while (dock.shots.length < state.shots.length) dock.shots.at(-1).after(dock.newShot());
    dock.shots.forEach((shot, index) => {
      const kept = state.shots[index];
      for (const name of KEPT) {
        const field = this.field(shot, name);
        if (!field || (field.tagName === "SELECT" && ![...field.options].some((one) => one.value === kept[name]))) continue;
        field.value = kept[name];
      }
      dock.showPicture(shot, kept.reference, kept.picture);
    });
    if (dock.form.elements.title) dock.form.elements.title.value = state.title;
    dock.renumber();
    dock.keeper.soon();
  }

  show() {
    for (const [way, list] of [["undo", this.past], ["redo", this.future]]) {
      const button = this.dock.form.querySelector(`[data-do="${way}"]`);
      if (button) button.disabled = !list.length;
    }
  }
}
