// Everyone's connections: with each who takes part, once one of the two has something on.

import { effect, signal, untracked } from "@preact/signals";
import type { Slot, Slots } from "../../media/permits.js";
import type { FrameOf } from "../line/frames.js";
import { line } from "../line/my-line.js";
import { settings } from "../moderation/settings.js";
import { me, myId, people } from "../people/people.js";
import { isConnected } from "../walk/state.js";
import type { Limits, Tracks } from "./call.js";
import { askForIce, iceServers } from "./ice.js";
import { mine } from "./mine.js";
import { myTracks } from "./my-tracks.js";
import { camerasOn, maySend, mayTake, onAir } from "./on-air.js";
import { Peer } from "./peer.js";

const lookEveryMs = 1_000;
const answerWithinMs = 3_000;

const peers = new Map<string, Peer>();

/** What comes from each of the others. */
export const received = signal<ReadonlyMap<string, Tracks>>(new Map());

/** A picture costs its sender as often as there are others: the more cameras, the less of each. */
export function limitsFor(slot: Slot, cameras: number): Limits {
  if (slot === "screen") return { maxBitrate: 1_500_000, maxFramerate: 15, scaleResolutionDownBy: 1 };
  if (cameras <= 2) return { maxBitrate: 600_000, maxFramerate: 24, scaleResolutionDownBy: 1 };
  if (cameras <= 4) return { maxBitrate: 250_000, maxFramerate: 20, scaleResolutionDownBy: 1.5 };
  return { maxBitrate: 150_000, maxFramerate: 15, scaleResolutionDownBy: 2 };
}

function showReceived(): void {
  received.value = new Map([...peers].map(([id, peer]) => [id, peer.received()]));
}

/** Under another address of one's own, the line hears nothing more either, and would find out after a minute. */
function doubtLine(): void {
  askForIce();
  line.expectAnswer(answerWithinMs);
}

function peerWith(id: string): Peer {
  // The one with the greater id makes the offers.
  return new Peer(myId.value > id, {
    iceServers: () => iceServers.value ?? [],
    say: (said) => void line.say({ type: "signal", to: id, ...said }),
    maySend: (slot) => maySend(slot, id),
    mayTake: (slot) => mayTake(slot, id),
    tracks: () => myTracks.value,
    limits: (slot) => limitsFor(slot, camerasOn.value),
    changed: showReceived,
    lost: doubtLine,
  });
}

const isSomethingOn = ({ mic, cam, screen }: Slots): boolean => mic || cam || screen;

function close(id: string): void {
  peers.get(id)?.close();
  peers.delete(id);
}

/** Until then, others may still have a connection with an earlier page of this person: it is asked for a new one. */
let asksUntil = 0;
const askForMs = 2_000;

function arrange(): void {
  const own = onAir.value.get(myId.value);
  for (const id of peers.keys()) if (!own || !onAir.value.has(id)) close(id);
  if (own && iceServers.value) {
    for (const [id, on] of onAir.value) {
      if (id === myId.value || peers.has(id) || !(isSomethingOn(own) || isSomethingOn(on))) continue;
      const peer = peerWith(id);
      peers.set(id, peer);
      if (peer.isCaller || performance.now() < asksUntil) peer.anew();
    }
  }
  for (const peer of peers.values()) peer.update();
  showReceived();
}

/** Inside, or inside again: with connections that were held, or without any. */
export function goOn(wasHeld: boolean): void {
  if (wasHeld) for (const peer of peers.values()) peer.restart();
  else asksUntil = performance.now() + askForMs;
}

export function hearSignal({ from, ...said }: FrameOf<"signal">): void {
  let peer = peers.get(from);
  if (!peer) {
    if (from === myId.value || !onAir.value.has(myId.value)) return;
    peer = peerWith(from);
    peers.set(from, peer);
  }
  peer.hear(said);
}

export const loudness = (id: string): number => peers.get(id)?.level() ?? 0;

export function begin(): void {
  effect(() => {
    // All that changes what passes between two; roles are the people's.
    void [onAir.value, settings.value, people.value, me.value, myTracks.value, mine.value, iceServers.value];
    untracked(arrange);
  });
  setInterval(() => {
    if (!isConnected.value) return;
    for (const peer of peers.values()) peer.look();
  }, lookEveryMs);
  addEventListener("pagehide", () => [...peers.keys()].forEach(close));
}
