import type { Session } from "../storage/index.js";
import type { Caller } from "./caller.js";
import { checkId, refuseIssues, storedId } from "./checks.js";
import { endSession } from "./end-session.js";
import { settledSession } from "./engine-call.js";
import { Refusal, type RefusalCode } from "./refusal.js";
import type { Services } from "./services.js";

export const endMeetingRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "MEETING_NOT_RUNNING",
  "ENGINE_FAILED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(endMeetingRefusals);

/**
 * Ends the meeting's running session. Of two calls at once, one ends it and one is refused.
 * @throws Refusal of `endMeetingRefusals`
 */
export async function endMeeting(services: Services, caller: Caller, meetingId: string): Promise<Session> {
  refuseIssues(refuse, checkId(["meetingId"], meetingId));
  const { reach } = caller;
  const meeting = await services.storage.read.meetings.find(reach, storedId(meetingId));
  if (!meeting) throw refuse("NOT_FOUND", { resource: "MEETING" });
  const open = await settledSession(refuse, services, reach, meeting.id);
  const ended = open && (await endSession(refuse, services, caller, { sessionId: open.id, cause: "API" }));
  if (!ended) throw refuse("MEETING_NOT_RUNNING", { meeting });
  return ended;
}
