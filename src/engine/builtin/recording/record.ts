import type { FrameRefusal } from "../frames.js";
import { send } from "../seat.js";
import type { Speaker } from "../speaker.js";
import { StorageFull } from "./piece-file.js";
import { MOST_PIECE_BYTES } from "./recordings.js";
import { TOKEN_SECONDS } from "./signing.js";

/** What a page sends its pieces with. */
async function giveTicket({ seat: { line, sessionId }, rooms: { recordings } }: Speaker, part: string): Promise<void> {
  const next = await recordings.next(sessionId, part);
  if (!line) return;
  send(line.socket, {
    type: "record-ticket",
    part,
    token: recordings.passes.make("pieces", part, TOKEN_SECONDS),
    next,
    seconds: TOKEN_SECONDS,
    maxBytes: MOST_PIECE_BYTES,
    address: `./room/recordings/${part}/`,
  });
}

/** Goes on with a part of their own: also one that was stopped, of which something is still to come. */
async function goOn(speaker: Speaker, part: string): Promise<FrameRefusal | undefined> {
  const { seat, room, rooms, setting } = speaker;
  const run = await setting.reports.recordingRun(part);
  const isTheirs = run?.sessionId === seat.sessionId && run.personId === seat.person.id;
  if (!isTheirs || (await rooms.recordings.isOver(part, run))) return { code: "NO_SUCH_PART" };
  if (room.recorder.now?.id === part) room.recorder.answered();
  await giveTicket(speaker, part);
  return undefined;
}

async function begin(speaker: Speaker): Promise<FrameRefusal | undefined> {
  const { seat, room, rooms, setting } = speaker;
  const { recorder } = room;
  const { sessionId, person } = seat;
  const other = recorder.now && recorder.now.by.id !== person.id ? room.seats.get(recorder.now.by.id) : undefined;
  const isAutomatic = recorder.mayAnswer(person.id);
  if (other?.line && !isAutomatic) return { code: "RECORDED_ALREADY" };
  try {
    await rooms.recordings.demandRoom(room.licenseId);
  } catch (error) {
    if (error instanceof StorageFull) return { code: "STORAGE_FULL" };
    throw error;
  }
  const started = await setting.reports.recordingStarted({ sessionId, by: person.id, isAutomatic });
  if (typeof started === "string") return { code: started };
  await rooms.recordings.begin(sessionId, room.licenseId, { id: started.id, startedAt: started.since });
  await giveTicket(speaker, started.id);
  recorder.begun(started);
  return undefined;
}

/** One thing after the other: who records is one. */
export function record(
  speaker: Speaker,
  { on, part }: { on: boolean; part?: string | undefined },
): Promise<FrameRefusal | undefined> {
  const { seat, room } = speaker;
  const { recorder } = room;
  return recorder.inTurn(async () => {
    if (on) return part === undefined ? begin(speaker) : goOn(speaker, part);
    if (!recorder.isAsked(seat.person.id)) return recorder.over("STOPPED", seat.person.id);
    recorder.declined(seat.person.id);
    return undefined;
  });
}
