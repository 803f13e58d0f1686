import { signal } from "@preact/signals";

export type View = "door" | "room" | "over" | "other-origin" | "elsewhere";
export type Tone = "" | "busy" | "good" | "problem";

export const view = signal<View>("door");

/** The line that is read aloud when it changes. */
export const status = signal<{ sentence: string; tone: Tone }>({ sentence: "", tone: "" });

export const say = (sentence: string, tone: Tone = ""): void => {
  status.value = { sentence, tone };
};

/** Whether what is shown of the room is to be trusted: while coming back nothing can be asked for. */
export const isConnected = signal(true);

export interface Door {
  /** Without it there is no button to press in vain. */
  canEnter: boolean;
  isEntering: boolean;
  /** Someone who was inside stands before it again. */
  isAgain: boolean;
}

export const door = signal<Door>({ canEnter: true, isEntering: false, isAgain: false });

/** Asked whether to end, and asked the server to. */
export const ending = signal<"no" | "asking" | "asked">("no");
