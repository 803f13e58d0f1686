import { newId } from "../../ids.js";
import type { FrameRefusal, Written } from "./frames.js";
import type { Speaker } from "./speaker.js";

interface Message {
  body: string;
  to?: string | undefined;
  ref?: string | undefined;
}

/** To everyone it is stored first, then told; between two it is told and kept by the room alone. */
async function sent({ seat, room, setting }: Speaker, { body, to, ref }: Message): Promise<Written | undefined> {
  const { sessionId, person } = seat;
  if (to === undefined) return setting.reports.wrote({ sessionId, personId: person.id, body, ref });
  const [from, other] = [room.person(person.id), room.person(to)];
  if (!from || !other) return undefined;
  return { id: newId(), from, to: other, body, at: setting.clock.now(), ref };
}

/** What is sent again, because its writer could not know that it had come, is told once. */
export async function write(speaker: Speaker, message: Message): Promise<FrameRefusal | undefined> {
  const { seat, room } = speaker;
  const { to, ref } = message;
  if (to !== undefined && (to === seat.person.id || !room.person(to))) return { code: "NOT_HERE" };
  if (!room.chat.begin(seat.person, ref)) return undefined;
  let written: Written | undefined;
  try {
    written = await sent(speaker, message);
  } finally {
    if (!written) room.chat.giveUp(seat.person, ref);
  }
  if (written) room.write(written);
}
