import type { FrameRefusal } from "../frames.js";
import type { Speaker } from "../speaker.js";
import type { Slot, Slots } from "./permits.js";

/** Says what of one's own is on; who says it for the first time takes part from then on. */
export function takePart({ seat, room }: Speaker, wish: Slots): FrameRefusal | undefined {
  const { id } = seat.person;
  const isModerator = (one: string) => room.person(one)?.role === "MODERATOR";
  if (wish.screen && !isModerator(id)) return { code: "NOT_MODERATOR" };
  const refusal = room.media.refusalOf(id, wish, isModerator);
  if (refusal) return { code: refusal };
  room.media.set(id, wish);
  room.tellMedia(id);
}

/** Of one person, or of all who are no moderators. */
export function turnOff(
  { seat, room }: Speaker,
  { what, person: one }: { what: Slot; person?: string | undefined },
): FrameRefusal | undefined {
  if (one !== undefined && !room.media.of(one)) return { code: "NOT_HERE" };
  const viewers = () => room.media.list().filter(({ person }) => room.person(person)?.role !== "MODERATOR");
  room.turnOff(what, one === undefined ? viewers().map(({ person }) => person) : [one], seat.person.id);
}
