import { v7 as newId } from "uuid";
import type { Meeting, Queries, Session } from "../storage/index.js";
import type { Caller } from "./caller.js";
import { orNull, webAddress } from "./checks.js";
import { findRepeat, type Repeatable, rememberCall } from "./idempotency.js";
import { demandPassword } from "./passwords.js";
import { Refusal } from "./refusal.js";
import { refuseFullRoom } from "./room.js";
import type { Services } from "./services.js";

export interface StartMeeting {
  meetingId: string;
  moderatorName: string;
  moderatorPassword?: string | null | undefined;
  /** Names the session; the meeting's title when left out (start-3). */
  title?: string | null | undefined;
  attendeePassword?: string | null | undefined;
  logoutUrl?: string | null | undefined;
  /** Sent again with the same input within a day, the call gives the same link. */
  idempotencyKey?: string | null | undefined;
}

/** What the call gives that the running session has otherwise (start-5); what it leaves out contradicts nothing. */
function contradictions(session: Session, input: StartMeeting): string[] {
  const { title, attendeePassword, logoutUrl } = input;
  return [
    title && title !== session.title ? ["title"] : [],
    attendeePassword && attendeePassword !== session.attendeePassword ? ["attendeePassword"] : [],
    logoutUrl && webAddress(logoutUrl) !== session.logoutUrl ? ["logoutUrl"] : [],
  ].flat();
}

async function insertStarting(
  tx: Queries,
  { engine, clock }: Services,
  { license }: Caller,
  meeting: Meeting,
  input: StartMeeting,
): Promise<Session> {
  if (!(await tx.licenses.claimRunning(license.id))) {
    throw new Refusal("RUNNING_LIMIT_REACHED", { limit: license.maxRunning ?? 0 });
  }
  const session = await tx.sessions.insert({
    id: newId(),
    licenseId: license.id,
    meetingId: meeting.id,
    status: "STARTING",
    title: orNull(input.title) ?? meeting.title,
    welcomeText: meeting.welcomeText,
    attendeePassword: orNull(input.attendeePassword),
    moderatorName: input.moderatorName,
    logoutUrl: input.logoutUrl ? (webAddress(input.logoutUrl) ?? null) : null,
    settings: meeting.settings,
    startedAt: clock.now(),
    engine: engine.name,
  });
  if (!session) throw new Error("an open session appeared inside this transaction");
  return session;
}

/** A place in a session, and whose link leads to it. `mine`: this call is the one that opens its room. */
export interface Claim {
  meeting: Meeting;
  session: Session;
  personId: string;
  isNew: boolean;
  mine: boolean;
}

/** What the same call was given before; a session that failed to start is as if it had not been. */
async function claimedBefore(
  tx: Queries,
  services: Services,
  caller: Caller,
  call: Repeatable,
  meeting: Meeting | undefined,
): Promise<Claim | undefined> {
  const earlier = await findRepeat(tx, services, caller, call);
  if (!meeting || !earlier?.sessionId || !earlier.personId) return undefined;
  const session = await tx.sessions.find(caller.reach, earlier.sessionId);
  if (!session || session.status === "FAILED") return undefined;
  return { meeting, session, personId: earlier.personId, isNew: earlier.isNew === true, mine: false };
}

/** A link into the session that runs, where nothing speaks against it. */
async function joinRunning(tx: Queries, { license }: Caller, meeting: Meeting, open: Session, input: StartMeeting) {
  if (open.status !== "RUNNING") return;
  const fields = contradictions(open, input);
  if (fields.length > 0) throw new Refusal("MEETING_ALREADY_RUNNING", { meeting, wanted: "START", fields });
  await refuseFullRoom(tx, license, open.id);
}

const demandModerator = (services: Services, meeting: Meeting, input: StartMeeting): void =>
  demandPassword(services, `${meeting.id}:MODERATOR`, meeting.moderatorPassword, orNull(input.moderatorPassword));

/** Takes the meeting's one open place, or finds who has it; of any number at once one takes it (start-6). */
export const claimStart = (services: Services, caller: Caller, input: StartMeeting): Promise<Claim> =>
  services.storage.transaction(async (tx) => {
    const call: Repeatable = { key: input.idempotencyKey, operation: "START_MEETING", input };
    const meeting = await tx.meetings.findAny(caller.reach, input.meetingId);
    // Before the key is looked at: whether it fits the call before would tell whether the password does.
    if (meeting && (call.key || !meeting.deletedAt)) demandModerator(services, meeting, input);
    const before = await claimedBefore(tx, services, caller, call, meeting);
    if (before) return before;
    if (!meeting || meeting.deletedAt) throw new Refusal("NOT_FOUND", { resource: "MEETING" });
    const open = await tx.sessions.findOpen(caller.reach, meeting.id);
    if (open) await joinRunning(tx, caller, meeting, open, input);
    const session = open ?? (await insertStarting(tx, services, caller, meeting, input));
    const claim = { meeting, session, personId: newId(), isNew: !open, mine: !open };
    // While another call opens or closes it, nothing is settled yet: this one asks again.
    if (claim.mine || session.status === "RUNNING") {
      await rememberCall(tx, services, caller, call, {
        meetingId: meeting.id,
        sessionId: session.id,
        personId: claim.personId,
        isNew: claim.isNew,
      });
    }
    if (claim.mine) services.underWay.add(session.id);
    return claim;
  });
