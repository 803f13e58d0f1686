import type { Caller } from "./caller.js";
import { recordEvent } from "./events.js";
import { Refusal } from "./refusal.js";
import type { Services } from "./services.js";

/**
 * The meeting leaves every list and frees its meeting room; its sessions, attendance and recordings stay readable by
 * session id (delete-2).
 * @throws Refusal NOT_FOUND, MEETING_ALREADY_RUNNING
 */
export async function deleteMeeting({ storage, clock }: Services, caller: Caller, meetingId: string): Promise<string> {
  const licenseId = caller.license.id;
  const now = clock.now();
  return storage.transaction(async (tx) => {
    const meeting = await tx.meetings.find(caller.reach, meetingId);
    if (!meeting) throw new Refusal("NOT_FOUND", { resource: "MEETING" });
    if (await tx.sessions.findOpen(caller.reach, meeting.id)) {
      throw new Refusal("MEETING_ALREADY_RUNNING", { meeting, wanted: "DELETE" });
    }
    await tx.meetings.markDeleted(licenseId, meeting.id, now);
    await tx.licenses.releaseMeeting(licenseId);
    await recordEvent({ tx, type: "meeting.deleted", origin: caller, at: now, meeting });
    return meeting.id;
  });
}
