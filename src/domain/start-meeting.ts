import { v7 as newId } from "uuid";
import type { Meeting, Queries, Session } from "../storage/index.js";
import { checkName, checkText, limits, orNull, refuseIssues, webAddress } from "./checks.js";
import { callEngine, settledSession } from "./engine-call.js";
import { recordEvent } from "./events.js";
import { refuseFullRoom, roomOf } from "./room.js";
import { demandPassword } from "./passwords.js";
import { Refusal } from "./refusal.js";
import type { Caller, Services } from "./services.js";

export interface StartMeeting {
  meetingId: string;
  moderatorName: string;
  moderatorPassword?: string | null | undefined;
  /** Names the session; the meeting's title when left out (start-3). */
  title?: string | null | undefined;
  attendeePassword?: string | null | undefined;
  logoutUrl?: string | null | undefined;
}

export interface StartedMeeting {
  session: Session;
  joinUrl: string;
  /** False where the link leads into a session that was running already. */
  isNew: boolean;
}

function checkStart(input: StartMeeting): void {
  const url = orNull(input.logoutUrl);
  refuseIssues(
    checkText(["title"], input.title, limits.title),
    checkText(["attendeePassword"], input.attendeePassword, limits.password),
    checkText(["moderatorPassword"], input.moderatorPassword, limits.password),
    checkName(["moderatorName"], input.moderatorName),
    checkText(["logoutUrl"], url, limits.address),
    url && !webAddress(url) ? [{ path: ["logoutUrl"], code: "INVALID_FORMAT", key: "fault.webAddress" }] : [],
  );
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

/** Takes the meeting's one open place, or finds who has it; of any number at once one takes it (start-6). */
const claimStart = (services: Services, caller: Caller, input: StartMeeting) =>
  services.storage.transaction(async (tx) => {
    const meeting = await tx.meetings.find(caller.reach, input.meetingId);
    if (!meeting) throw new Refusal("NOT_FOUND", { resource: "MEETING" });
    demandPassword(services, `${meeting.id}:MODERATOR`, meeting.moderatorPassword, orNull(input.moderatorPassword));
    const open = await tx.sessions.findOpen(caller.reach, meeting.id);
    if (!open) {
      const session = await insertStarting(tx, services, caller, meeting, input);
      services.underWay.add(session.id);
      return { meeting, session, isNew: true };
    }
    if (open.status === "RUNNING") {
      const fields = contradictions(open, input);
      if (fields.length > 0) throw new Refusal("MEETING_ALREADY_RUNNING", { meeting, wanted: "START", fields });
      await refuseFullRoom(tx, caller.license, open.id);
    }
    return { meeting, session: open, isNew: false };
  });

/** No transaction spans the engine's call: the place was claimed before, and is settled after. */
async function openClaimed(services: Services, caller: Caller, session: Session): Promise<Session> {
  const { storage, engine, clock, underWay } = services;
  try {
    await callEngine(services, () => engine.openRoom(roomOf(session)));
  } catch (error) {
    await storage.transaction(async (tx) => {
      const at = clock.now();
      const failed = await tx.sessions.settleFailed(session.id, "ENGINE_FAILED", at, "ENGINE");
      if (!failed) return;
      await tx.licenses.releaseRunning(session.licenseId);
      await recordEvent(tx, "session.failed", caller, at, { session: failed });
    });
    // Should the room have opened after all, nobody holds a link into it.
    engine.closeRoom(session.id, "ENGINE").catch((err: unknown) => services.log.warn({ err }, "room not closed"));
    throw error;
  } finally {
    underWay.delete(session.id);
  }
  return storage.transaction(async (tx) => {
    const running = await tx.sessions.settleRunning(session.id, session.startedAt);
    if (!running) throw new Refusal("ENGINE_FAILED", { retryable: true });
    await recordEvent(tx, "session.started", caller, session.startedAt, { session: running });
    return running;
  });
}

/**
 * Runs a meeting: opens a session, or gives a link into the one that runs already.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, INVALID_PASSWORD, TOO_MANY_ATTEMPTS, MEETING_ALREADY_RUNNING, RUNNING_LIMIT_REACHED,
 *   ATTENDANCE_LIMIT_REACHED, ENGINE_FAILED
 */
export async function startMeeting(services: Services, caller: Caller, input: StartMeeting): Promise<StartedMeeting> {
  checkStart(input);
  for (;;) {
    const { meeting, session, isNew } = await claimStart(services, caller, input);
    if (!isNew && session.status !== "RUNNING") {
      const outcome = await settledSession(services, caller.reach, meeting.id);
      if (!outcome && session.status === "STARTING") throw new Refusal("ENGINE_FAILED", { retryable: true });
      continue;
    }
    const running = isNew ? await openClaimed(services, caller, session) : session;
    const joinUrl = services.links.build({
      fullName: input.moderatorName,
      meetingID: meeting.id,
      password: meeting.moderatorPassword === null ? "" : (input.moderatorPassword ?? ""),
      sessionID: running.id,
      personID: newId(),
      role: "moderator",
    });
    return { session: running, joinUrl, isNew };
  }
}
