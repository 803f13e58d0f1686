import type { Wish, WishOutcome } from "../../engine/engine.js";
import type { Attendance } from "../../storage/index.js";
import { latest } from "../../clock.js";
import type { Caller } from "../caller.js";
import { recordEvent } from "../events/events.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { closeStay } from "../session/end-session.js";
import { personOf } from "../session/room.js";
import { type Change, changeAsWished } from "./changing.js";
import { changePerson } from "./change-person.js";

export const removePersonRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "SESSION_NOT_RUNNING",
  "NOT_SUPPORTED_BY_ENGINE",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(removePersonRefusals);

/** Out, and for the rest of the session their link opens nothing. */
const removal = ({ clock }: Services, personId: string): Change<Attendance> => ({
  async store(tx, session, origin) {
    const at = latest(clock.now(), session.startedAt);
    const attendance = await tx.attendances.remove(personId, at);
    if (!attendance) return undefined;
    const [stay, others] = await Promise.all([
      tx.stays.findOpen(personId),
      tx.attendances.countOthersInside(session.id, personId),
    ]);
    if (stay) await closeStay(tx, origin, { session, stay, at, others });
    const facts = { fields: ["removedAt"] };
    await recordEvent({ tx, type: "attendance.changed", origin, at, session, attendance, facts });
    return attendance;
  },
  tell: (rooms, person) => rooms.removed(person.sessionId, personOf(person)),
});

/**
 * Removes someone from a running session. Who was removed before stays so.
 * @throws Refusal of `removePersonRefusals`
 */
export const removePerson = (services: Services, caller: Caller, personId: string): Promise<Attendance> =>
  changePerson(refuse, services, caller, personId, (id) => removal(services, id));

/** A moderator inside does. */
export const removeAsWished = (
  services: Services,
  engine: string,
  { personId, ...wish }: Wish & { personId: string },
): Promise<WishOutcome> => changeAsWished(services, engine, wish, removal(services, personId), personId);
