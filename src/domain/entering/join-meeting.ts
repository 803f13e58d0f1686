import { newId } from "../../ids.js";
import type { Meeting, Role, Session } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { checkId, checkName, checkText, limits, refuseIssues, storedId } from "../checks.js";
import { engineOr } from "../session/engine-call.js";
import { settledSession } from "../session/settled-session.js";
import { demandPassword } from "../passwords.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import { refuseFullRoom } from "../session/room.js";
import type { Services } from "../services.js";

export interface JoinMeeting {
  meetingId: string;
  fullName: string;
  password?: string | null | undefined;
  role: Role;
}

export const joinMeetingRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "INVALID_PASSWORD",
  "TOO_MANY_ATTEMPTS",
  "MEETING_NOT_RUNNING",
  "ATTENDANCE_LIMIT_REACHED",
  "ENGINE_FAILED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(joinMeetingRefusals);

/** join-2: a moderator shows the meeting's current password, a viewer the session's. */
function requiredPassword(role: Role, meeting: Meeting, session: Session | undefined): string | null {
  return role === "MODERATOR" ? meeting.moderatorPassword : (session?.attendeePassword ?? null);
}

/**
 * Hands out a personal link into the running session; nothing is written until someone enters with it.
 * @throws Refusal of `joinMeetingRefusals`
 */
export async function joinMeeting(
  services: Services,
  { license, reach }: Caller,
  input: JoinMeeting,
): Promise<{ session: Session; joinUrl: string }> {
  refuseIssues(
    refuse,
    checkId(["meetingId"], input.meetingId),
    checkName(["fullName"], input.fullName),
    checkText(["password"], input.password, limits.password),
  );
  const { read } = services.storage;
  const meeting = await read.meetings.find(reach, storedId(input.meetingId));
  if (!meeting) throw refuse("NOT_FOUND", { resource: "MEETING" });
  const session = await settledSession(refuse, services, reach, meeting.id);
  const required = requiredPassword(input.role, meeting, session);
  demandPassword(refuse, services, `${meeting.id}:${input.role}`, required, input.password ?? null);
  if (!session) throw refuse("MEETING_NOT_RUNNING", { meeting });
  // A link into a room that nobody here runs would lead nowhere.
  engineOr(refuse, services, session);
  await refuseFullRoom(refuse, read, license, session.id);
  const joinUrl = services.links.build({
    fullName: input.fullName,
    meetingID: meeting.id,
    password: required === null ? "" : (input.password ?? ""),
    sessionID: session.id,
    personID: newId(),
    role: input.role === "MODERATOR" ? "moderator" : "viewer",
  });
  return { session, joinUrl };
}
