/* Frames are the unit: how they become times, and how a person writes one. Frames count from 0; fps may be a fraction. */

const two = (number) => String(number).padStart(2, "0");
const base = (fps) => Math.max(1, Math.round(fps));

/* HH:MM:SS:FF, non-drop, on a whole base. */
export function timecode(frame, fps) {
  const seconds = Math.floor(frame / base(fps));
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60, frame % base(fps)].map((part) => two(Math.floor(part))).join(":");
}

export const WAYS = {
  timecode,
  frames: (frame) => String(frame),
  seconds: (frame, fps) => (frame / fps).toFixed(3),
};

/* What was typed as a frame: "41" is a frame, "1:17" a timecode read from its end, "1.7" or "2 s" seconds. NaN otherwise. */
export function frameIn(text, fps) {
  const typed = text.trim().replace(",", ".");
  if (/^\d+$/.test(typed)) return Number(typed);
  if (/^\d+([:;]\d{1,2}){1,3}$/.test(typed)) {
    const [frames, seconds, minutes = 0, hours = 0] = typed.split(/[:;]/).map(Number).reverse();
    if (frames >= base(fps) || (minutes + hours && seconds > 59)) return NaN;
    return frames + base(fps) * (seconds + 60 * (minutes + 60 * hours));
  }
  const spoken = /^(\d*\.?\d+) ?s?$/.exec(typed);
  return spoken ? Math.round(Number(spoken[1]) * fps) : NaN;
}

/*
 * A film and its frame. The middle of a frame is sought, never its edge: there, rounding decides which one is shown.
 * `frame` is what is wanted while the film rests, and what was last shown while it runs.
 */
export class Reel {
  constructor(video) {
    const [numerator, denominator] = video.dataset.fps.split("/").map(Number);
    this.video = video;
    this.fps = numerator / denominator;
    this.frames = Number(video.dataset.frames);
    this.frame = 0;
    video.addEventListener("seeked", () => this.late && this.look());
  }

  get last() {
    return this.frames - 1;
  }

  /* One seek at a time: Chromium never ends the third of three that overtake each other to A, B and A again. */
  seek(frame) {
    this.frame = Math.max(0, Math.min(this.last, frame));
    if (this.video.seeking) this.late = true;
    else this.look();
  }

  /* Whether the picture has caught up with `frame`. */
  get there() {
    return !this.video.seeking && !this.late;
  }

  look() {
    this.late = false;
    this.video.currentTime = (this.frame + 0.5) / this.fps;
  }

  /* A late callback of an earlier seek must not move the counter, so only a running film is believed. */
  watch(shown) {
    const { video } = this;
    video.requestVideoFrameCallback((_now, { mediaTime }) => {
      if (!video.paused && this.there) {
        this.frame = Math.min(this.last, Math.round(mediaTime * this.fps));
        shown(this);
      }
      this.watch(shown);
    });
  }
}
