import { latest } from "../../clock.js";
import type { Caller } from "../caller.js";
import { checkId, refuseIssues, storedId } from "../checks.js";
import { recordEvent } from "../events/events.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";

export const deleteMeetingRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "MEETING_ALREADY_RUNNING",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(deleteMeetingRefusals);

/**
 * The meeting leaves every list and frees its meeting room; its sessions, attendance and recordings stay readable by
 * session id (delete-2).
 * @throws Refusal of `deleteMeetingRefusals`
 */
export async function deleteMeeting({ storage, clock }: Services, caller: Caller, meetingId: string): Promise<string> {
  refuseIssues(refuse, checkId(["meetingId"], meetingId));
  const licenseId = caller.license.id;
  return storage.transaction(async (tx) => {
    const meeting = await tx.meetings.find(caller.reach, storedId(meetingId));
    if (!meeting) throw refuse("NOT_FOUND", { resource: "MEETING" });
    if (await tx.sessions.findOpen(caller.reach, meeting.id)) {
      throw refuse("MEETING_ALREADY_RUNNING", { meeting, wanted: "DELETE" });
    }
    const now = latest(clock.now(), meeting.updatedAt);
    await tx.meetings.markDeleted(licenseId, meeting.id, now);
    await tx.licenses.releaseMeeting(licenseId);
    await recordEvent({ tx, type: "meeting.deleted", origin: caller, at: now, meeting });
    return meeting.id;
  });
}
