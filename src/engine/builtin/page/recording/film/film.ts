// The film of the room: what its stage shows and what is heard, as one stream that comes in pieces.

import { colours } from "./colours.js";
import { draw } from "./draw.js";
import { height, width } from "./layout.js";
import { Mix } from "./mix.js";
import type { Scene } from "./scene.js";
import { onTick, ticksPerSecond } from "./tick.js";
import { Videos } from "./videos.js";

const pieceMs = 2_000;

const options = {
  mimeType: "video/webm;codecs=vp8,opus",
  /** 7.5 MB in a minute, where much moves. */
  videoBitsPerSecond: 1_000_000,
  audioBitsPerSecond: 64_000,
  /** To these one may seek. Browsers that know nothing of it choose by themselves. */
  videoKeyFrameIntervalDuration: 4_000,
};

/** What is filmed, and who takes it. */
export interface Surroundings {
  scene(): Scene;
  /** Those that are on. */
  voices(): readonly MediaStreamTrack[];
  /** The last one may be empty. */
  take(piece: Blob, isLast: boolean): void;
}

export class Film {
  readonly #recorder: MediaRecorder;
  readonly #canvas: CanvasRenderingContext2D;
  readonly #mix = new Mix();
  readonly #videos = new Videos();
  readonly #coloursNow = colours();
  readonly #endClock: () => void;
  #held: Blob | undefined;

  constructor(readonly around: Surroundings) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d", { alpha: false });
    const voices = this.#mix.track;
    if (!context || !voices) throw new Error("no picture, or no sound");
    this.#canvas = context;
    this.#draw();
    const stream = new MediaStream([...canvas.captureStream(ticksPerSecond).getVideoTracks(), voices]);
    this.#recorder = new MediaRecorder(stream, options);
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#hear(data));
    this.#recorder.addEventListener("stop", () => this.#close());
    this.#endClock = onTick(() => this.#draw());
    for (const press of presses) addEventListener(press, this.#resume);
    this.#recorder.start(pieceMs);
  }

  /** What was filmed so far is still handed over. */
  stop(): void {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
  }

  /** Once it is stopped, a piece that was on its way may still come before the last one: which it is, only the end tells. */
  #hear(piece: Blob): void {
    if (this.#held) this.around.take(this.#held, false);
    this.#held = undefined;
    if (this.#recorder.state === "inactive") this.#held = piece;
    else this.around.take(piece, false);
  }

  readonly #resume = (): void => void this.#mix.resume();

  #draw(): void {
    const scene = this.around.scene();
    this.#mix.hear(this.around.voices());
    this.#videos.keep(new Set(scene.tiles.map(({ track }) => track)));
    draw(this.#canvas, scene, this.#coloursNow(), (track) => this.#videos.of(track));
  }

  #close(): void {
    this.around.take(this.#held ?? new Blob(), true);
    this.#endClock();
    this.#mix.close();
    this.#videos.close();
    for (const press of presses) removeEventListener(press, this.#resume);
  }
}

/** Some browsers let a page make sound, and hear it, only after one. */
const presses = ["pointerup", "keydown"] as const;
