import { frameTable, type Speaker } from "./frame-table.js";
import { wrongField } from "./fields.js";
import type { FrameRefusal } from "./frames.js";

/**
 * Does what someone inside says, by the table of frames; what is not in it is ignored.
 * @returns why it was not done
 */
export async function hear(
  speaker: Speaker,
  type: string,
  frame: Readonly<Record<string, unknown>>,
): Promise<FrameRefusal | void> {
  const rule = Object.hasOwn(frameTable, type) ? frameTable[type] : undefined;
  if (!rule) return;
  const { room, seat, rooms } = speaker;
  const field = wrongField(rule.schema, frame);
  if (field !== undefined) return { code: "INVALID", facts: { field } };
  if (rule.rights === "MODERATOR" && room.person(seat.person.id)?.role !== "MODERATOR")
    return { code: "NOT_MODERATOR" };
  if (rule.isPaced && !rooms.pace.take(`${type} ${seat.person.id}`)) return { code: "TOO_FAST" };
  return rule.act(speaker, frame);
}
