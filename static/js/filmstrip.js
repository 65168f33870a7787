/* What lies along the playhead: the pictures of the film, the one under the pointer, and pins. Positions go through CSSOM. */

const PIN = 28; /* pixels between two pins in one row */

/* The sheet has one picture for every so many frames, row by row. */
export class Filmstrip {
  constructor({ strip, columns, every }, frames) {
    this.columns = Number(columns);
    this.every = Number(every);
    this.tiles = Math.ceil(frames / this.every);
    this.sheet = new Image();
    this.ready = new Promise((resolve) => (this.sheet.onload = resolve));
    this.sheet.src = strip;
  }

  get width() {
    return this.sheet.naturalWidth / this.columns;
  }

  get height() {
    return this.sheet.naturalHeight / Math.ceil(this.tiles / this.columns);
  }

  /* The picture of a frame, cut to the shape asked for around its middle. */
  draw(pen, frame, x, y, width, height) {
    const tile = Math.min(this.tiles - 1, Math.floor(frame / this.every));
    const scale = Math.max(width / this.width, height / this.height);
    const [w, h] = [width / scale, height / scale];
    const left = (tile % this.columns) * this.width + (this.width - w) / 2;
    const top = Math.floor(tile / this.columns) * this.height + (this.height - h) / 2;
    pen.drawImage(this.sheet, left, top, w, h, x, y, width, height);
  }

  /* As many pictures as fit without being squeezed. */
  paint(canvas, frames) {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => Math.round(side * devicePixelRatio));
    if (!width || !this.sheet.naturalWidth) return;
    Object.assign(canvas, { width, height });
    const count = Math.max(1, Math.round((width * this.height) / (height * this.width)));
    for (let i = 0; i < count; i++) this.draw(canvas.getContext("2d"), ((i + 0.5) / count) * frames, (i * width) / count, 0, width / count, height);
  }

  /* The small picture over the pointer. */
  peek(canvas, frame) {
    Object.assign(canvas, { width: this.width, height: this.height });
    this.draw(canvas.getContext("2d"), frame, 0, 0, this.width, this.height);
  }
}

/* Pins over their frames; those that would touch go one row up. */
export function layPins(list, last) {
  const room = list.clientWidth;
  const rows = [];
  const pins = [...list.children].sort((a, b) => frameOf(a) - frameOf(b));
  for (const pin of pins) {
    const x = Math.max(PIN / 2, Math.min(room - PIN / 2, (frameOf(pin) / Math.max(1, last)) * room));
    let row = rows.findIndex((end) => x - end >= PIN);
    if (row < 0) row = rows.length;
    rows[row] = x;
    pin.style.setProperty("--x", `${x}px`);
    pin.style.setProperty("--row", row);
  }
  list.style.setProperty("--rows", rows.length);
}

const frameOf = (pin) => Number(pin.querySelector("[data-frame]").dataset.frame);
