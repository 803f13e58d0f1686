import type { FrameRefusal } from "../frames.js";
import { send } from "../seat.js";
import type { Speaker } from "../speaker.js";
import { fence, type Passes } from "./fence.js";
import { mayPass, type Slot } from "./permits.js";
import type { Candidate, Signal } from "./signal-fields.js";

/** Descriptions of one person in ten seconds: a switch that changes makes one for each of the others. */
const MOST_DESCRIPTIONS = 120;
/** Bundles of candidates, and questions, likewise. */
const MOST_SMALL_SIGNALS = 300;
/** What is not named here goes no further. */
const candidateOf = ({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: Candidate): Candidate => ({
  candidate,
  sdpMid: sdpMid ?? null,
  sdpMLineIndex: sdpMLineIndex ?? null,
  usernameFragment: usernameFragment ?? null,
});

function passesOf({ room, seat }: Speaker, to: string): Record<Slot, Passes> {
  const isModerator = (id: string) => ({ isModerator: room.person(id)?.role === "MODERATOR" });
  const [mine, theirs] = [isModerator(seat.person.id), isModerator(to)];
  const of = (slot: Slot): Passes => ({
    sends: mayPass(slot, room.settings, mine, theirs),
    receives: mayPass(slot, room.settings, theirs, mine),
  });
  return { mic: of("mic"), cam: of("cam"), screen: of("screen") };
}

/** Passes on to one person what their browsers say to each other, descriptions through the fence. */
export function signal(speaker: Speaker, { to, call, description, candidates, ask }: Signal): FrameRefusal | undefined {
  const { seat, room, rooms } = speaker;
  const from = seat.person.id;
  if ([description, candidates, ask].filter((part) => part !== undefined).length !== 1)
    return { code: "INVALID", facts: { field: "description" } };
  if (to === from || !room.media.of(from) || !room.media.of(to)) return { code: "NOT_HERE" };
  const most = description ? MOST_DESCRIPTIONS : MOST_SMALL_SIGNALS;
  if (!rooms.pace.take(`${description ? "description" : "signal"} ${from}`, most)) return { code: "TOO_FAST" };
  const line = room.seats.get(to)?.line;
  const begin = { type: "signal", from, call } as const;
  if (description) {
    const sdp = fence(description.sdp, passesOf(speaker, to));
    if (sdp === undefined) return { code: "BAD_SDP" };
    if (line) send(line.socket, { ...begin, description: { type: description.type, sdp } });
  } else if (candidates) {
    if (line) send(line.socket, { ...begin, candidates: candidates.map(candidateOf) });
  } else if (line && ask) send(line.socket, { ...begin, ask });
}
