// This page's own films: begun by a press, or because the server asks for one, and handed over piece by piece. What makes
// them is loaded when the first begins.

import { signal } from "@preact/signals";
import type { Ticket } from "../../recording/ticket.js";
import type { FrameOf } from "../line/frames.js";
import { line } from "../line/my-line.js";
import { myId } from "../people/people.js";
import { text } from "../texts.js";
import { say, view } from "../walk/state.js";
import type { Part } from "./film/part.js";
import { sceneNow, voicesNow } from "./scene-now.js";
import { recorded } from "./told.js";

/** What this page does: nothing, it asked to record, it records, or it hands over what is left. */
export const doing = signal<"nothing" | "asked" | "filming" | "saving">("nothing");

/** As part.ts has it; asked before that is there. */
const format = "video/webm;codecs=vp8,opus";

export const canFilm =
  "MediaRecorder" in globalThis &&
  MediaRecorder.isTypeSupported(format) &&
  "captureStream" in HTMLCanvasElement.prototype &&
  "roundRect" in CanvasRenderingContext2D.prototype &&
  "AudioContext" in globalThis;

const againMs = 3_000;

const parts = new Map<string, Part>();
/** The one that is being filmed; the others are on their way. */
let current: string | undefined;
/** Too much of the last one is still here: another one begins when it is written. */
let isHeld = false;
let Made: typeof Part | undefined;

/** @returns whether there is what records */
async function load(): Promise<boolean> {
  if (!canFilm) return false;
  try {
    Made ??= (await import("./film/part.js")).Part;
    return true;
  } catch {
    // The server was upgraded under this page, or the line is gone.
    return false;
  }
}

const askToGoOn = (part: string): boolean => line.say({ type: "record", on: true, part, ref: part });
const askAnew = (ref: string): boolean => line.say({ type: "record", on: true, ref });

function show(): void {
  doing.value = current !== undefined ? "filming" : parts.size > 0 ? "saving" : "nothing";
}

export async function startRecording(): Promise<void> {
  doing.value = "asked";
  if ((await load()) && askAnew("start")) return;
  show();
  say(text("page.recording.failed"), "problem");
}

export const stopRecording = (): boolean => line.say({ type: "record", on: false, ref: "stop" });

/** Asked to record, this page waits for a press: a film has sound, and browsers let none be made before, nor after a reload. */
export const awaitsPress = signal(false);
const answerWithinMs = 8_000;
let answering = 0;

const answer = (on: boolean): boolean => line.say({ type: "record", on, ref: "please" });

/** The server asks for it: who recorded has gone, or the session records by itself. */
export async function hearPlease(): Promise<void> {
  if (current !== undefined) return void askToGoOn(current);
  if (!(await load())) return void answer(false);
  if (navigator.userActivation?.hasBeenActive ?? true) return void answer(true);
  clearTimeout(answering);
  // Another may be asked meanwhile; who presses later may still find that nobody else could.
  if (!awaitsPress.value) answering = setTimeout(() => answer(false), answerWithinMs);
  awaitsPress.value = true;
}

/** @param on whether it was pressed, and not put away */
export function pressed(on: boolean): void {
  if (!awaitsPress.value) return;
  stopWaiting();
  answer(on);
}

/** Another page records, or nobody shall. */
export function stopWaiting(): void {
  clearTimeout(answering);
  awaitsPress.value = false;
}

/** No more is filmed; what was, still goes to the server. */
export function stopFilming(): void {
  const part = current === undefined ? undefined : parts.get(current);
  current = undefined;
  isHeld = false;
  part?.stop();
  show();
}

function isOver(id: string, code?: string): void {
  const wasCurrent = current === id;
  parts.delete(id);
  if (wasCurrent) current = undefined;
  show();
  const goesOn = isHeld || (wasCurrent && again.has(code ?? ""));
  isHeld = false;
  if (goesOn && recorded.value?.by === myId.value) return void askAnew("again");
  if (doing.value !== "nothing") return;
  if (code === undefined) say(text("page.recording.saved"), "good");
  else if (code !== "GIVEN_UP" && code !== "STORAGE_FULL") say(text("page.recording.notSaved"), "problem");
}

/** What is amiss with one part only. */
const again: ReadonlySet<string> = new Set(["NO_SUCH_PART", "GAP", "OVER"]);

export function hearTicket(ticket: Ticket): void {
  const known = parts.get(ticket.part);
  if (known) return known.renew(ticket);
  stopWaiting();
  stopFilming();
  try {
    if (!Made) throw new Error("not asked for");
    parts.set(ticket.part, new Made(ticket, surroundingsOf(ticket.part)));
    current = ticket.part;
  } catch {
    stopRecording();
    say(text("page.recording.failed"), "problem");
  }
  show();
}

const surroundingsOf = (id: string) => ({
  scene: sceneNow,
  voices: voicesNow,
  askAgain: (part: string) => {
    // Who has left is given no other token.
    if (view.value !== "room") parts.get(part)?.giveUp();
    else askToGoOn(part);
  },
  full() {
    if (current === id) current = undefined;
    isHeld = true;
    show();
    say(text("page.recording.held"), "problem");
  },
  over: (code?: string) => isOver(id, code),
});

/** @returns whether there is nothing to be told of it */
export function recordRefused({ code, ref = "" }: FrameOf<"refused">): boolean {
  if (parts.has(ref)) {
    if (code === "NOT_STORED" || code === "TOO_FAST") setTimeout(() => parts.has(ref) && askToGoOn(ref), againMs);
    else if (current === ref) stopFilming();
    if (code === "NO_SUCH_PART" && recorded.value?.by === myId.value) askAnew("again");
    return true;
  }
  show();
  return ref === "please" || ref === "again";
}

/** Inside again: what was filmed meanwhile goes on. */
export function goOnFilming(): void {
  for (const part of parts.values()) part.wake();
  if (current !== undefined) askToGoOn(current);
}

/** Done when all is written, or after so long. */
export async function filmed(withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (parts.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
}
