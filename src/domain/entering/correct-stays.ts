import { newId } from "../../ids.js";
import type { Person } from "../../engine/engine.js";
import { type Attendance, type Queries, type Session, sortKey, type Stay } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { recordEvent } from "../events/events.js";
import { secondsOf, type Visit } from "./sightings.js";

/** One person of one session, and when they were inside; at least once. */
export interface Presence {
  session: Session;
  person: Person;
  /** Their row, where there is one. */
  known: Attendance | undefined;
  visits: readonly Visit[];
}

type Known = Pick<Visit, "joinedAt" | "source">;

/** What another source says is never written over what one said: that is kept. */
const isSame = (one: Known) => (other: Known) =>
  one.joinedAt.getTime() === other.joinedAt.getTime() && one.source === other.source;

/** What has to be done so that the stays are these visits. */
function changes(stays: readonly Stay[], visits: readonly Visit[]) {
  const added = visits.filter((visit) => !stays.some(isSame(visit)));
  const changed = visits.flatMap((visit) => {
    const stay = stays.find(isSame(visit));
    return stay && stay.leftAt?.getTime() !== visit.leftAt?.getTime() ? [{ stay, visit }] : [];
  });
  return { added, changed, wrong: stays.filter((stay) => !visits.some(isSame(stay))) };
}

/** A stay that begins elsewhere than was thought is no new one: only what is more than before is news. */
async function tell(
  tx: Queries,
  origin: Origin,
  at: { session: Session; attendance: Attendance },
  of: ReturnType<typeof changes>,
) {
  const news = of.added.slice(of.wrong.length);
  for (const { joinedAt } of news) await recordEvent({ tx, type: "attendance.joined", origin, at: joinedAt, ...at });
  const closed = [...news, ...of.changed.filter(({ stay }) => stay.leftAt === null).map(({ visit }) => visit)];
  const wasOpen = of.wrong.some(({ leftAt }) => leftAt === null);
  if (wasOpen) closed.push(...of.added.slice(0, of.wrong.length).slice(-1));
  for (const { leftAt } of closed) {
    if (leftAt) await recordEvent({ tx, type: "attendance.left", origin, at: leftAt, ...at });
  }
}

/** Who was the last to leave an open session leaves an empty room; who comes may be one more than ever before. */
async function notePresence(tx: Queries, session: Session, attendance: Attendance): Promise<void> {
  if (session.endedAt !== null) return;
  const others = await tx.attendances.countOthersInside(session.id, attendance.id);
  if (attendance.leftAt === null) return tx.sessions.notePresent(session.id, 1 + others);
  if (others > 0) return;
  await tx.sessions.noteEmpty(session.id, (await tx.attendances.lastLeaving(session.id)) ?? attendance.leftAt);
}

/**
 * Makes a person's one row and their stays what is known now, whatever was known before. The first entry, name and role
 * stay.
 * What begins where it began goes on in its place; a stay that was wrong is kept beside, and counts no more.
 * @param stays those that count now
 * @param now when that is known
 */
export async function correctStays(
  tx: Queries,
  origin: Origin,
  { session, person, known, visits }: Presence,
  stays: readonly Stay[],
  now: Date,
): Promise<Attendance> {
  const { id, name, role } = person;
  const what = changes(stays, visits);
  const [first, last] = [visits.at(0), visits.at(-1)];
  if (!first || !last) throw new Error("a person who was never inside has no row");
  const attendance = await tx.attendances.settle({
    id,
    licenseId: session.licenseId,
    sessionId: session.id,
    fullName: name,
    fullNameKey: sortKey(name),
    role,
    joinedAt: known && known.joinedAt < first.joinedAt ? known.joinedAt : first.joinedAt,
    leftAt: last.leftAt,
    seconds: secondsOf(visits),
  });
  // In this order: no two of them are open at any time.
  for (const stay of what.wrong) await tx.stays.supersede(stay.id, now);
  for (const { stay, visit } of what.changed) await tx.stays.correct(stay.id, visit);
  for (const visit of what.added) {
    await tx.stays.insert({ id: newId(), attendanceId: id, sessionId: session.id, ...visit });
  }
  if (what.added.length + what.changed.length + what.wrong.length > 0) {
    await tell(tx, origin, { session, attendance }, what);
    await notePresence(tx, session, attendance);
  }
  return attendance;
}
