import type { Wish, WishOutcome } from "../../engine/engine.js";
import type { Attendance, Role } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { recordEvent } from "../events/events.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { personOf } from "../session/room.js";
import { changePerson } from "./change-person.js";
import { type Change, changeAsWished } from "./changing.js";

export const setPersonRoleRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "SESSION_NOT_RUNNING",
  "NOT_SUPPORTED_BY_ENGINE",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(setPersonRoleRefusals);

/** For this session: the link stays as it was handed out, and the stored role counts. */
const roleChange = ({ clock }: Services, personId: string, role: Role): Change<Attendance> => ({
  async store(tx, session, origin) {
    const attendance = await tx.attendances.setRole(personId, role);
    if (!attendance) return undefined;
    const facts = { fields: ["role"] };
    await recordEvent({ tx, type: "attendance.changed", origin, at: clock.now(), session, attendance, facts });
    return attendance;
  },
  tell: (rooms, person) => rooms.roleChanged(person.sessionId, personOf(person)),
});

export interface SetPersonRole {
  personId: string;
  role: Role;
}

/**
 * Makes someone a moderator, or a viewer again, for the rest of a running session.
 * @throws Refusal of `setPersonRoleRefusals`
 */
export const setPersonRole = (services: Services, caller: Caller, input: SetPersonRole): Promise<Attendance> =>
  changePerson(refuse, services, caller, input.personId, (id) => roleChange(services, id, input.role));

/** A moderator inside does. */
export const setRoleAsWished = (
  services: Services,
  engine: string,
  { personId, role, ...wish }: Wish & SetPersonRole,
): Promise<WishOutcome> => changeAsWished(services, engine, wish, roleChange(services, personId, role), personId);
