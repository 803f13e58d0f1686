import { type FrameRule, frameTable } from "./frame-table.js";
import { wrongField } from "./fields.js";
import type { FrameRefusal } from "./frames.js";
import type { Speaker } from "./speaker.js";

type Said = Readonly<Record<string, unknown>>;

/** What an entry of the table asks before anything is done. */
function refusalOf(rule: FrameRule, speaker: Speaker, type: string, frame: Said): FrameRefusal | undefined {
  const { room, seat, rooms } = speaker;
  const field = wrongField(rule.schema, frame);
  if (field !== undefined) return { code: "INVALID", facts: { field } };
  if (room.person(seat.person.id)?.role !== "MODERATOR") {
    if (rule.rights === "MODERATOR") return { code: "NOT_MODERATOR" };
    const lock = rule.lockedBy?.(speaker, frame);
    if (lock !== undefined && room.settings[lock] === true) return { code: "LOCKED", facts: { lock } };
  }
  if (rule.isPaced && !rooms.pace.take(`${type} ${seat.person.id}`, rule.most)) return { code: "TOO_FAST" };
}

/**
 * Does what someone inside says, by the table of frames; what is not in it is ignored.
 * @returns why it was not done
 */
export async function hear(speaker: Speaker, type: string, frame: Said): Promise<FrameRefusal | void> {
  const rule = Object.hasOwn(frameTable, type) ? frameTable[type] : undefined;
  if (!rule) return;
  const refusal = refusalOf(rule, speaker, type, frame);
  if (refusal) return refusal;
  // While another server may have taken the room over, nothing is done that only this one would know of.
  if (!speaker.setting.homes.isHere(speaker.seat.sessionId)) return { code: "NOT_STORED" };
  try {
    return await rule.act(speaker, frame);
  } catch (err) {
    speaker.setting.log.warn({ err, frame: type }, "what someone in a room wanted could not be stored");
    return { code: "NOT_STORED" };
  }
}
