import { signal } from "@preact/signals";
import type { Tracks } from "./call.js";

/** What of one's own is on, as it is sent. */
export const myTracks = signal<Tracks>({});
