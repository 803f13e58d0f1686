// Who speaks now, and how loud one is oneself.

import { signal } from "@preact/signals";
import { myId } from "../people/people.js";
import { loudness } from "./mesh.js";
import { meterOf } from "./meter.js";
import { mine } from "./mine.js";
import { myTracks } from "./my-tracks.js";
import { comesFrom, onAir } from "./on-air.js";

const everyMs = 200;
/** From 0 to 1; quieter is the room's noise. */
const quietest = 0.02;
/** Between two words one still speaks. */
const holdMs = 900;

/** Ids of those who speak. */
export const speaking = signal<ReadonlySet<string>>(new Set());

let own: { track: MediaStreamTrack; meter: ReturnType<typeof meterOf> } | undefined;

function myLoudness(): number {
  const track = mine.value.mic ? myTracks.value.mic : undefined;
  if (own && own.track !== track) {
    own.meter.close();
    own = undefined;
  }
  if (!track) return 0;
  own ??= { track, meter: meterOf(track) };
  return own.meter.level();
}

const heardAt = new Map<string, number>();

function look(): void {
  const now = performance.now();
  for (const id of onAir.value.keys()) {
    const level = id === myId.value ? myLoudness() : comesFrom(id).mic ? loudness(id) : 0;
    if (level > quietest) heardAt.set(id, now);
  }
  const loud = [...heardAt].filter(([id, at]) => now - at < holdMs && comesFrom(id).mic).map(([id]) => id);
  const before = speaking.value;
  if (loud.length !== before.size || loud.some((id) => !before.has(id))) {
    speaking.value = new Set(loud);
  }
}

export const begin = (): void => void setInterval(look, everyMs);
