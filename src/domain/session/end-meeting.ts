import type { Reach, Session } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { checkId, refuseIssues, storedId } from "../checks.js";
import { endSession } from "./end-session.js";
import { settledSession } from "./settled-session.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";

export const endMeetingRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "MEETING_NOT_RUNNING",
  "ENGINE_FAILED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(endMeetingRefusals);

/** An earlier call sent everyone out and could not have it stored: the same call again stores it, and is answered. */
async function storeEnd({ storage, unsettled }: Services, reach: Reach, meetingId: string) {
  const open = await storage.read.sessions.findOpen(reach, meetingId);
  if (!open || !unsettled.has(open.id)) return undefined;
  await unsettled.retry(open.id);
  const stored = await storage.read.sessions.find(reach, open.id);
  return stored?.status === "ENDED" ? stored : undefined;
}

/**
 * Ends the meeting's running session. Of two calls at once, one ends it and one is refused.
 * @throws Refusal of `endMeetingRefusals`; NotStoredYet
 */
export async function endMeeting(services: Services, caller: Caller, meetingId: string): Promise<Session> {
  refuseIssues(refuse, checkId(["meetingId"], meetingId));
  const { reach } = caller;
  const meeting = await services.storage.read.meetings.find(reach, storedId(meetingId));
  if (!meeting) throw refuse("NOT_FOUND", { resource: "MEETING" });
  const closed = await storeEnd(services, reach, meeting.id);
  if (closed) return closed;
  const open = await settledSession(refuse, services, reach, meeting.id);
  const ended = open && (await endSession(refuse, services, caller, { sessionId: open.id, cause: "API" }));
  if (!ended) throw refuse("MEETING_NOT_RUNNING", { meeting });
  return ended;
}
