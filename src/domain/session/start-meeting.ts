import { isStorageUnavailable, type Session } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { checkId, checkName, checkText, limits, refuseIssues, storedId, webAddress } from "../checks.js";
import { claimStart, type StartMeeting } from "./claim-start.js";
import { deadlineOf, demandEngine, engineOr } from "./engine-call.js";
import { settleFailure } from "./end-session.js";
import { settledSession } from "./settled-session.js";
import { recordEvent } from "../events/events.js";
import { checkKey } from "../idempotency.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import { roomOf } from "./room.js";
import type { Services } from "../services.js";

export const startMeetingRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "INVALID_PASSWORD",
  "TOO_MANY_ATTEMPTS",
  "MEETING_ALREADY_RUNNING",
  "RUNNING_LIMIT_REACHED",
  "ATTENDANCE_LIMIT_REACHED",
  "IDEMPOTENCY_KEY_REUSED",
  "ENGINE_FAILED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(startMeetingRefusals);

export interface StartedMeeting {
  session: Session;
  joinUrl: string;
  /** False where the link leads into a session that was running already. */
  isNew: boolean;
}

/**
 * The input as everything after this uses it: the id as it is stored, and where people go when they leave an absolute
 * address (start-4).
 */
function checkStart(input: StartMeeting): StartMeeting {
  const address = input.logoutUrl == null ? null : webAddress(input.logoutUrl);
  refuseIssues(
    refuse,
    checkId(["meetingId"], input.meetingId),
    checkText(["title"], input.title, limits.title),
    checkText(["attendeePassword"], input.attendeePassword, limits.password),
    checkText(["moderatorPassword"], input.moderatorPassword, limits.password),
    checkName(["moderatorName"], input.moderatorName),
    checkText(["logoutUrl"], input.logoutUrl, limits.address),
    address === undefined ? [{ path: ["logoutUrl"], code: "INVALID_FORMAT", key: "fault.webAddress" }] : [],
    checkKey(input.idempotencyKey),
  );
  return { ...input, meetingId: storedId(input.meetingId), logoutUrl: address ?? null };
}

/** It may as well have opened, and ended since. */
const hasFailed = async ({ storage }: Services, { id }: Session): Promise<boolean> =>
  (await storage.read.sessions.findAnyones(id))?.status === "FAILED";

const isChanging = ({ status }: Session): boolean => status === "STARTING" || status === "ENDING";

interface GivenUp {
  session: Session;
  cause: "ENGINE" | "LOST";
  /** The call that was to open the room, also where nobody waits for it any more. */
  opening?: Promise<unknown> | undefined;
}

/** The room is not open, or not to be: whenever that can be stored, and whatever the reason. */
async function giveUp(services: Services, caller: Caller, { session, cause, opening }: GivenUp): Promise<void> {
  const { id } = session;
  const { clock, unsettled, log } = services;
  // Should the room have opened after all, nobody holds a link into it.
  const closeRoom = async () => services.engineOf(session).closeRoom(id, cause);
  const close = () => closeRoom().catch((err: unknown) => log.warn({ err }, "room not closed"));
  void close();
  // Or should it open only now; where that is never heard, the looks at what is left elsewhere find it.
  opening?.then(close, () => {});
  const at = clock.now();
  await unsettled.settle(id, "NOT_STARTED", (tx) => settleFailure(tx, { origin: caller, session, at, cause }));
}

/** No transaction spans the engine's call: the place was claimed before, and is settled after. */
async function openClaimed(services: Services, caller: Caller, session: Session, until: number): Promise<Session> {
  const { storage, underWay, pool } = services;
  let opening: Promise<string | null> | undefined;
  // Its engine may have been taken away since it was chosen: that fails as the call would.
  const openRoom = async () => (opening = services.engineOf(session).openRoom(roomOf(session, caller.license)));
  let engineRoomId: string | null;
  try {
    engineRoomId = await demandEngine(refuse, services, openRoom, until);
    pool.started(session);
  } catch (error) {
    pool.failed(session, error);
    // Why it was not opened is the answer, also where that can't be stored yet.
    await giveUp(services, caller, { session, cause: "ENGINE", opening }).catch(() => {});
    throw error;
  } finally {
    underWay.delete(session.id);
  }
  try {
    return await storage.transaction(async (tx) => {
      // Nobody changes one that starts, but who ends its start.
      const room = { emptySince: session.startedAt, engineRoomId };
      const running = await tx.sessions.settleRunning(session, room, () =>
        refuse("ENGINE_FAILED", { retryable: true }),
      );
      await recordEvent({ tx, type: "session.started", origin: caller, at: session.startedAt, session: running });
      return running;
    });
  } catch (error) {
    // The caller hears of no session, so there must be none.
    if (isStorageUnavailable(error)) await giveUp(services, caller, { session, cause: "LOST" });
    throw error;
  }
}

/**
 * Runs a meeting: opens a session, or gives a link into the one that runs already.
 * @throws Refusal of `startMeetingRefusals`
 */
export async function startMeeting(services: Services, caller: Caller, given: StartMeeting): Promise<StartedMeeting> {
  const input = checkStart(given);
  const until = deadlineOf(services);
  for (;;) {
    const { meeting, session, personId, isNew, mine } = await claimStart({ refuse, services, caller, input });
    if (!mine && isChanging(session)) {
      const open = await settledSession(refuse, services, caller.reach, meeting.id, until);
      if (!open && (await hasFailed(services, session))) throw refuse("ENGINE_FAILED", { retryable: true });
      continue;
    }
    const running = mine ? await openClaimed(services, caller, session, until) : session;
    // A link into a room that nobody here runs would lead nowhere.
    engineOr(refuse, services, running);
    const joinUrl = services.links.build({
      fullName: input.moderatorName,
      meetingID: meeting.id,
      password: meeting.moderatorPassword === null ? "" : (input.moderatorPassword ?? ""),
      sessionID: running.id,
      personID: personId,
      role: "moderator",
    });
    return { session: running, joinUrl, isNew };
  }
}
