import type { Reach } from "../conditions.js";
import type { SessionFilter } from "../days/day-counts.js";
import type { MeetingField, MeetingFilter } from "../meetings.js";
import type { RecordingField, RecordingFilter } from "../recordings.js";
import type { SessionField } from "../sessions.js";

/** A page of a list in an order, or, where none is said, how many there are. */
interface Asked<Field extends string, Filter> {
  field?: Field | undefined;
  filter?: Filter | undefined;
}

const isGiven = (list: readonly unknown[] | undefined): boolean => (list?.length ?? 0) > 0;

/** Texts and switches stand in no index; a time stands only in its own order's. */
function meetings({ field, filter = {} }: Asked<MeetingField, MeetingFilter>): boolean {
  const { createdAt, isRunning, settingsEnabled, titleKeyContains } = filter;
  // Few run.
  if (isRunning) return false;
  const isTimed = Boolean(createdAt?.from ?? createdAt?.until);
  return Boolean(titleKeyContains) || isGiven(settingsEnabled) || (isTimed && field !== "CREATED_AT");
}

/**
 * Those that failed and those that are open have indexes of their own; all others stand among them. Where failed ones
 * are to be passed over, there may be any number in a row.
 */
function sessions({ field, filter = {} }: Asked<SessionField, SessionFilter>): boolean {
  const { startedAt, status = [] } = filter;
  if (field === undefined) return false;
  const [ended, failed] = (["ENDED", "FAILED"] as const).map((each) => status.includes(each));
  if (isGiven(status) && !ended && !failed) return false;
  const isTimed = Boolean(startedAt?.from ?? startedAt?.until);
  if (isTimed && field !== "STARTED_AT") return true;
  return isGiven(status) && !status.every((each) => each === "FAILED") && !(ended && failed);
}

function recordings({ filter = {} }: Asked<RecordingField, RecordingFilter>): boolean {
  const { isPublished, meetingId, status } = filter;
  return !meetingId && (isPublished !== undefined || isGiven(status));
}

const lists = { meetings, sessions, recordings };

/**
 * Whether no index bounds what a list reads for this: it may look at every row that a license has, to give back few or
 * none. All other statements read no more than a constant times what they give back (`test/storage/plans.test.ts`).
 * Whoever sees one meeting only has its rows looked at.
 */
export const isUnbounded = <List extends keyof typeof lists>(
  list: List,
  { meetingId }: Reach,
  asked: Parameters<(typeof lists)[List]>[0],
): boolean => meetingId === null && (lists[list] as (asked: unknown) => boolean)(asked);
