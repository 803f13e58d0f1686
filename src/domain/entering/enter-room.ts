import { newId } from "../../ids.js";
import {
  type Arrival,
  type Entered,
  entryRefusals,
  type Entrance,
  type Person,
  type RoomSpec,
} from "../../engine/engine.js";
import { type Attendance, type License, type Queries, type Session, sortKey } from "../../storage/index.js";
import { originOf } from "../caller.js";
import { closeStay } from "../session/end-session.js";
import { engineOr } from "../session/engine-call.js";
import { recordEvent } from "../events/events.js";
import { type LinkParameters, personOfLink } from "./join-link.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import { personOf, refuseBeyond, roomOf } from "../session/room.js";
import type { Services } from "../services.js";

/** What opening a link refuses, looked at or entered with. */
export const linkRefusals = [...entryRefusals, "ENGINE_FAILED"] as const satisfies readonly RefusalCode[];
export type LinkRefusal = (typeof linkRefusals)[number];
const refuse = Refusal.outOf(linkRefusals);

/**
 * A running session with a place for one more than these.
 * @throws Refusal SESSION_OVER, ATTENDANCE_LIMIT_REACHED
 */
function demandPlace(session: Session, license: License | undefined, others: number): void {
  if (session.status !== "RUNNING") throw refuse("SESSION_OVER", {});
  if (!license) throw new Error(`session ${session.id} belongs to no license`);
  refuseBeyond(refuse, license, others);
}

/**
 * What a link opens, looked at and not entered: writes nothing (enter-1).
 * @throws Refusal of `linkRefusals`
 */
export async function findEntrance(services: Services, query: string): Promise<{ room: RoomSpec; entrance: Entrance }> {
  const { storage, links } = services;
  const link: LinkParameters | undefined = links.verify(query);
  if (!link) throw refuse("LINK_TAMPERED", {});
  const session = await storage.read.sessions.findAnyones(link.sessionID);
  if (!session) throw refuse("SESSION_OVER", {});
  const license = await storage.read.licenses.find(session.licenseId);
  demandPlace(session, license, await storage.read.attendances.countOthersInside(session.id, link.personID));
  const room = roomOf(session, license);
  return { room, entrance: engineOr(refuse, services, session).entrance(room, personOfLink(link)) };
}

const rowOf = (session: Session, { id, name, role }: Person, joinedAt: Date) => ({
  id,
  licenseId: session.licenseId,
  sessionId: session.id,
  fullName: name,
  fullNameKey: sortKey(name),
  role,
  joinedAt,
});

/** Coming back while the place is held goes on with the same stay; else a new stay begins. */
async function openStay(tx: Queries, { instanceId }: Services, session: Session, arrival: Arrival, at: Date) {
  const { person, source, engineUserId } = arrival;
  const attendance = await tx.attendances.enter(rowOf(session, person, at));
  const line = { instanceId: source === "LIVE" ? instanceId : null, engineUserId: engineUserId ?? null };
  const held = await tx.stays.findOpen(person.id);
  if (held) {
    await tx.stays.carryOn(held.id, line);
    return attendance;
  }
  const of = { id: newId(), attendanceId: person.id, sessionId: session.id };
  const stay = await tx.stays.insert({ ...of, joinedAt: at, source, ...line });
  await recordEvent({ tx, type: "attendance.joined", origin: originOf(source), at, session, attendance });
  // Told only after the session's end: they were inside until then.
  if (session.endedAt) await closeStay(tx, originOf(source), stay, session.endedAt);
  return attendance;
}

/** Whether what was told is no news: of a stay that is closed already, or of another session's person. */
async function isOld(tx: Queries, session: Session, person: Person, at: Date): Promise<Attendance | undefined> {
  const known = await tx.attendances.find(person.id);
  if (!known) return undefined;
  if (known.sessionId !== session.id) throw refuse("SESSION_OVER", {});
  const isGone = known.leftAt !== null && (session.endedAt !== null || known.leftAt >= at);
  return isGone ? known : undefined;
}

/** No report is of a time before its session, after its end, or still to come. */
function timeWithin({ startedAt, endedAt }: Session, at: Date, now: Date): Date {
  const latest = Math.min(now.getTime(), endedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return new Date(Math.max(startedAt.getTime(), Math.min(at.getTime(), latest)));
}

/**
 * Someone is inside: the session runs, the room has a place, attendance and stay are written, all in one transaction
 * (enter-2), so that the limit is never exceeded. What an engine tells afterwards is written whether there was a place
 * or not.
 * @param engine who says so; of another engine's session it knows nothing
 * @throws Refusal of `entryRefusals`
 */
export async function enterRoom(services: Services, engine: string, arrival: Arrival): Promise<Entered> {
  const { storage, clock } = services;
  const { sessionId, person, source } = arrival;
  return storage.transaction(async (tx) => {
    const session = await tx.sessions.lock(sessionId);
    if (session?.engine !== engine || session.status === "FAILED") throw refuse("SESSION_OVER", {});
    const license = await tx.licenses.find(session.licenseId);
    const now = clock.now();
    const at = timeWithin(session, arrival.at ?? now, now);
    const others = await tx.attendances.countOthersInside(session.id, person.id);
    if (source === "LIVE") demandPlace(session, license, others);
    const known = source === "LIVE" ? undefined : await isOld(tx, session, person, at);
    const attendance = known ?? (await openStay(tx, services, session, arrival, at));
    if (!known) await tx.sessions.notePresent(session.id, 1 + others);
    return { person: personOf(attendance), room: roomOf(session, license) };
  });
}

/** Everyone inside, by when they came. */
export async function listInside({ storage }: Services, sessionId: string): Promise<Person[]> {
  return (await storage.read.attendances.listInside(sessionId)).map(personOf);
}
