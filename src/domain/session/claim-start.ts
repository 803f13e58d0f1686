import { newId } from "../../ids.js";
import type { Meeting, Queries, Session } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { engineToStartAt } from "./engine-call.js";
import { findRepeat, type Repeatable, rememberCall } from "../idempotency.js";
import { demandPassword } from "../passwords.js";
import type { Refuse } from "../refusal.js";
import { refuseFullRoom } from "./room.js";
import type { Services } from "../services.js";

export interface StartMeeting {
  meetingId: string;
  moderatorName: string;
  moderatorPassword?: string | null | undefined;
  /** Names the session; the meeting's title when left out (start-3). */
  title?: string | null | undefined;
  attendeePassword?: string | null | undefined;
  /** Once checked, an absolute address. */
  logoutUrl?: string | null | undefined;
  /** Sent again with the same input within a day, the call gives the same link. */
  idempotencyKey?: string | null | undefined;
}

/** One call: who wants what, and how it is told no. */
export interface StartCall {
  refuse: Refuse<
    | "NOT_FOUND"
    | "INVALID_PASSWORD"
    | "TOO_MANY_ATTEMPTS"
    | "MEETING_ALREADY_RUNNING"
    | "RUNNING_LIMIT_REACHED"
    | "ATTENDANCE_LIMIT_REACHED"
    | "IDEMPOTENCY_KEY_REUSED"
    | "ENGINE_FAILED"
  >;
  services: Services;
  caller: Caller;
  input: StartMeeting;
}

/** What the call gives that the running session has otherwise (start-5); what it leaves out contradicts nothing. */
function contradictions(session: Session, input: StartMeeting): string[] {
  const names = ["title", "attendeePassword", "logoutUrl"] as const;
  return names.filter((name) => input[name] != null && input[name] !== session[name]);
}

/** The engine of a new session. The operator may have removed it since this process last looked: then nothing would run there. */
async function chosenEngine(tx: Queries, { refuse, services, caller }: StartCall, sessionId: string): Promise<string> {
  const { name } = engineToStartAt(refuse, services, caller.license, sessionId);
  if (services.pool.registry.isFixed(name) || (await tx.engines.find(name))) return name;
  throw refuse("ENGINE_FAILED", { retryable: true });
}

async function insertStarting(tx: Queries, call: StartCall, meeting: Meeting): Promise<Session> {
  const { refuse, input } = call;
  const { clock } = call.services;
  const { license } = call.caller;
  await tx.licenses.claimRunning(license.id, () => refuse("RUNNING_LIMIT_REACHED", { limit: license.maxRunning ?? 0 }));
  const id = newId();
  return tx.sessions.insert({
    id,
    licenseId: license.id,
    meetingId: meeting.id,
    status: "STARTING",
    title: input.title ?? meeting.title,
    welcomeText: meeting.welcomeText,
    attendeePassword: input.attendeePassword ?? null,
    moderatorName: input.moderatorName,
    logoutUrl: input.logoutUrl ?? null,
    settings: meeting.settings,
    startedAt: clock.now(),
    engine: await chosenEngine(tx, call, id),
  });
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
  { refuse, services, caller }: StartCall,
  repeatable: Repeatable,
  meeting: Meeting | undefined,
): Promise<Claim | undefined> {
  const earlier = await findRepeat(refuse, tx, services, caller, repeatable);
  if (!meeting || !earlier?.sessionId || !earlier.personId) return undefined;
  const session = await tx.sessions.find(caller.reach, earlier.sessionId);
  if (!session || session.status === "FAILED") return undefined;
  return { meeting, session, personId: earlier.personId, isNew: earlier.isNew === true, mine: false };
}

/** A link into the session that runs, where nothing speaks against it. */
async function joinRunning(tx: Queries, { refuse, caller, input }: StartCall, meeting: Meeting, open: Session) {
  if (open.status !== "RUNNING") return;
  const fields = contradictions(open, input);
  if (fields.length > 0) throw refuse("MEETING_ALREADY_RUNNING", { meeting, wanted: "START", fields });
  await refuseFullRoom(refuse, tx, caller.license, open.id);
}

/** A work may be run more than once, and a password is tried once: of what was found before, the same is found again. */
function demandModerator({ refuse, services, input }: StartCall): (meeting: Meeting) => void {
  let tried: { password: string | null; refusal?: unknown } | undefined;
  const tryOnce = ({ id, moderatorPassword: password }: Meeting) => {
    tried = { password };
    try {
      demandPassword(refuse, services, `${id}:MODERATOR`, password, input.moderatorPassword ?? null);
    } catch (refusal) {
      tried = { password, refusal };
    }
  };
  return (meeting) => {
    if (tried?.password !== meeting.moderatorPassword) tryOnce(meeting);
    if (tried?.refusal !== undefined) throw tried.refusal;
  };
}

/** Takes the meeting's one open place, or finds who has it; of any number at once one takes it (start-6). */
export async function claimStart(call: StartCall): Promise<Claim> {
  const { refuse, services, caller, input } = call;
  const demand = demandModerator(call);
  const claim = await services.storage.transaction(async (tx): Promise<Claim> => {
    const repeatable: Repeatable = { key: input.idempotencyKey, operation: "START_MEETING", input };
    const [meeting, open] = await Promise.all([
      tx.meetings.findAny(caller.reach, input.meetingId),
      tx.sessions.findOpen(caller.reach, input.meetingId),
    ]);
    // Before the key is looked at: whether it fits the call before would tell whether the password does.
    if (meeting && (repeatable.key || !meeting.deletedAt)) demand(meeting);
    const before = await claimedBefore(tx, call, repeatable, meeting);
    if (before) return before;
    if (!meeting || meeting.deletedAt) throw refuse("NOT_FOUND", { resource: "MEETING" });
    if (open) await joinRunning(tx, call, meeting, open);
    const session = open ?? (await insertStarting(tx, call, meeting));
    const found = { meeting, session, personId: newId(), isNew: !open, mine: !open };
    // While another call opens or closes it, nothing is settled yet: this one asks again.
    if (found.mine || session.status === "RUNNING") {
      await rememberCall(tx, services, caller, repeatable, {
        meetingId: meeting.id,
        sessionId: session.id,
        personId: found.personId,
        isNew: found.isNew,
      });
    }
    return found;
  });
  if (claim.mine) services.underWay.add(claim.session.id);
  return claim;
}
