import { type FrameRule, frameTable } from "./frame-table.js";
import { wrongField } from "./fields.js";
import type { FrameRefusal } from "./frames.js";
import type { Speaker } from "./speaker.js";

type Said = Readonly<Record<string, unknown>>;

/** What the speaker may not. */
function prohibitionOf(rule: FrameRule, speaker: Speaker, frame: Said): FrameRefusal | undefined {
  const { room, seat } = speaker;
  if (room.person(seat.person.id)?.role !== "MODERATOR") {
    if (rule.rights === "MODERATOR") return { code: "NOT_MODERATOR" };
    const lock = rule.lockedBy?.(speaker, frame);
    if (lock !== undefined && room.settings[lock] === true) return { code: "LOCKED", facts: { lock } };
  }
}

/** What an entry of the table asks before anything is done. */
function refusalOf(rule: FrameRule, speaker: Speaker, type: string, frame: Said): FrameRefusal | undefined {
  const { seat, rooms } = speaker;
  const field = wrongField(rule.schema, frame);
  if (field !== undefined) return { code: "INVALID", facts: { field } };
  const prohibition = prohibitionOf(rule, speaker, frame);
  if (prohibition) return prohibition;
  if (rule.isPaced && !rooms.pace.take(`${type} ${seat.person.id}`, rule.most)) return { code: "TOO_FAST" };
}

/**
 * While another server may have taken the room over, nothing is done that only this one would know of: first it makes sure.
 * Whoever speaks meanwhile waits for the same answer, so that all is heard in the order it was said in.
 */
async function makeSure(rule: FrameRule, speaker: Speaker, frame: Said): Promise<FrameRefusal | undefined> {
  const { room, rooms, seat, setting } = speaker;
  if (!(await setting.homes.isStillHere(seat.sessionId))) return { code: "NOT_STORED" };
  return rooms.roomOf(seat) === room ? prohibitionOf(rule, speaker, frame) : { code: "NOT_STORED" };
}

/**
 * Does what someone inside says, by the table of frames; what is not in it is ignored.
 * @returns why it was not done
 */
export async function hear(speaker: Speaker, type: string, frame: Said): Promise<FrameRefusal | void> {
  const rule = Object.hasOwn(frameTable, type) ? frameTable[type] : undefined;
  if (!rule) return;
  const isSure = speaker.setting.homes.isHere(speaker.seat.sessionId);
  const refusal = refusalOf(rule, speaker, type, frame) ?? (isSure ? undefined : await makeSure(rule, speaker, frame));
  if (refusal) return refusal;
  try {
    return await rule.act(speaker, frame);
  } catch (err) {
    speaker.setting.log.warn({ err, frame: type }, "what someone in a room wanted could not be stored");
    return { code: "NOT_STORED" };
  }
}
