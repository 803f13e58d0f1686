import type { Session } from "../storage/index.js";
import type { Caller } from "./caller.js";
import { endSession } from "./end-session.js";
import { settledSession } from "./engine-call.js";
import { Refusal } from "./refusal.js";
import type { Services } from "./services.js";

/**
 * Ends the meeting's running session. Of two calls at once, one ends it and one is refused.
 * @throws Refusal NOT_FOUND, MEETING_NOT_RUNNING, ENGINE_FAILED
 */
export async function endMeeting(services: Services, caller: Caller, meetingId: string): Promise<Session> {
  const { reach } = caller;
  const meeting = await services.storage.read.meetings.find(reach, meetingId);
  if (!meeting) throw new Refusal("NOT_FOUND", { resource: "MEETING" });
  const open = await settledSession(services, reach, meeting.id);
  const ended = open && (await endSession(services, caller, open.id, "API"));
  if (!ended) throw new Refusal("MEETING_NOT_RUNNING", { meeting });
  return ended;
}
