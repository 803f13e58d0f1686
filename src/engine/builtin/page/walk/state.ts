import { signal } from "@preact/signals";
import { pageData } from "../page-data.js";

export type View = "door" | "waiting" | "room" | "over" | "removed" | "other-origin" | "elsewhere";
export type Tone = "" | "busy" | "good" | "problem";

export const view = signal<View>("door");

/** The line that is read aloud when it changes. */
export const status = signal<{ sentence: string; tone: Tone }>({ sentence: "", tone: "" });

/** In the room it lies over what one does, so it goes when it was read; what is going on stays. */
const shownForMs = { "": 0, busy: 0, good: 6_000, problem: 12_000 } as const satisfies Record<Tone, number>;
let fading = 0;

export function say(sentence: string, tone: Tone = ""): void {
  clearTimeout(fading);
  status.value = { sentence, tone };
  const fade = () => view.value === "room" && say("");
  if (shownForMs[tone] > 0) fading = setTimeout(fade, shownForMs[tone]);
}

/** Whether what is shown of the room is to be trusted: while coming back nothing can be asked for. */
export const isConnected = signal(true);

export interface Door {
  /** Without it there is no button to press in vain. */
  canEnter: boolean;
  isEntering: boolean;
  /** Someone who was inside stands before it again. */
  isAgain: boolean;
  /** There was no place left. */
  isFull: boolean;
}

export const door = signal<Door>({ canEnter: true, isEntering: false, isAgain: false, isFull: pageData.isFull });

/** Of who waits until someone leaves; 1 is the next to enter. */
export const placeInLine = signal(0);

/** Asked whether to end, and asked the server to. */
export const ending = signal<"no" | "asking" | "asked">("no");
