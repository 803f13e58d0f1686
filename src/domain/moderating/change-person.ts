import type { Attendance } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { checkId, refuseIssues, storedId } from "../checks.js";
import type { Refuse } from "../refusal.js";
import type { Services } from "../services.js";
import { type Change, changeSession } from "./changing.js";

type Refused = "INVALID_INPUT" | "NOT_FOUND" | "SESSION_NOT_RUNNING" | "NOT_SUPPORTED_BY_ENGINE";

/**
 * Changes someone who entered a running session within the caller's reach.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, SESSION_NOT_RUNNING, NOT_SUPPORTED_BY_ENGINE
 */
export async function changePerson(
  refuse: Refuse<Refused>,
  services: Services,
  caller: Caller,
  given: string,
  change: (personId: string) => Change<Attendance>,
): Promise<Attendance> {
  refuseIssues(refuse, checkId(["personId"], given));
  const personId = storedId(given);
  const { read } = services.storage;
  const find = async () => (await read.attendances.findMany(caller.reach, [personId]))[0];
  const person = await find();
  const session = person && (await read.sessions.find(caller.reach, person.sessionId));
  if (!session) throw refuse("NOT_FOUND", { resource: "ATTENDANCE" });
  await changeSession(refuse, services, { origin: caller, session }, change(personId));
  return (await find()) ?? person;
}
