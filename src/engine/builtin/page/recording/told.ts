import { signal } from "@preact/signals";
import type { Recorded } from "../line/frames.js";

/** That the room is being recorded, as the server told last. */
export const recorded = signal<Recorded | undefined>(undefined);

/** It stopped because the server has no room for it; until another begins. */
export const isStorageFull = signal(false);
