import { v7 as newId } from "uuid";
import type { Entered, Person, RoomSpec } from "../engine/engine.js";
import { type Attendance, type Queries, type Role, type Session, sortKey } from "../storage/index.js";
import type { Origin } from "./caller.js";
import { closeStay, endSession } from "./end-session.js";
import { recordEvent } from "./events.js";
import type { LinkParameters } from "./join-link.js";
import { Refusal, type RefusalCode } from "./refusal.js";
import { personOf, refuseFullRoom, roomOf } from "./room.js";
import type { Services } from "./services.js";

const room: Origin = { door: "ROOM" };

const roleOf = (link: LinkParameters): Role => (link.role === "moderator" ? "MODERATOR" : "VIEWER");

/** What opening a link refuses, looked at or entered with. */
export const linkRefusals = [
  "LINK_TAMPERED",
  "SESSION_OVER",
  "ATTENDANCE_LIMIT_REACHED",
] as const satisfies readonly RefusalCode[];
export type LinkRefusal = (typeof linkRefusals)[number];
const refuse = Refusal.outOf(linkRefusals);

/**
 * The room a link opens, looked at and not entered: writes nothing (enter-1).
 * @throws Refusal of `linkRefusals`
 */
export async function findLinkedRoom(
  { storage, links }: Services,
  query: string,
): Promise<{ room: RoomSpec; person: Person }> {
  const link = links.verify(query);
  if (!link) throw refuse("LINK_TAMPERED", {});
  const session = await admit(storage.read, link);
  return { room: roomOf(session), person: { id: link.personID, name: link.fullName, role: roleOf(link) } };
}

async function admit(queries: Queries, link: LinkParameters): Promise<Session> {
  const session = await queries.sessions.findAnyones(link.sessionID);
  if (session?.status !== "RUNNING") throw refuse("SESSION_OVER", {});
  const license = await queries.licenses.find(session.licenseId);
  if (!license) throw new Error(`session ${session.id} belongs to no license`);
  await refuseFullRoom(refuse, queries, license, session.id, link.personID);
  return session;
}

/** Coming back while the place is held goes on with the same stay; else a new stay begins. */
async function openStay(tx: Queries, services: Services, session: Session, attendance: Attendance, now: Date) {
  const held = await tx.stays.findOpen(attendance.id);
  if (held) return tx.stays.adopt(held.id, services.instanceId);
  await tx.stays.insert({
    id: newId(),
    attendanceId: attendance.id,
    sessionId: session.id,
    joinedAt: now,
    source: "LIVE",
    instanceId: services.instanceId,
  });
  await recordEvent({ tx, type: "attendance.joined", origin: room, at: now, session, attendance });
}

/**
 * Someone enters the built-in room: the session runs, the room has a place, attendance and stay are written, all in
 * one transaction (enter-2), so that the limit is never exceeded.
 * @throws Refusal of `linkRefusals`
 */
export async function enterRoom(services: Services, query: string): Promise<Entered> {
  const { storage, links, clock } = services;
  const link = links.verify(query);
  if (!link) throw refuse("LINK_TAMPERED", {});
  const now = clock.now();
  return storage.transaction(async (tx) => {
    const session = await admit(tx, link);
    const attendance = await tx.attendances.enter({
      id: link.personID,
      licenseId: session.licenseId,
      sessionId: session.id,
      fullName: link.fullName,
      fullNameKey: sortKey(link.fullName),
      role: roleOf(link),
      joinedAt: now,
    });
    await openStay(tx, services, session, attendance, now);
    const people = await tx.attendances.listInside(session.id);
    await tx.sessions.notePresent(session.id, people.length);
    return { person: personOf(attendance), room: roomOf(session), people: people.map(personOf) };
  });
}

/** `at` is when the person was last known inside, which may be some seconds ago (leave-2). */
export function leaveRoom({ storage }: Services, personId: string, at: Date): Promise<void> {
  return storage.transaction(async (tx) => {
    const stay = await tx.stays.findOpen(personId);
    if (stay) await closeStay(tx, room, stay, at);
  });
}

export const endFromInsideRefusals = ["ENGINE_FAILED"] as const satisfies readonly RefusalCode[];
const refuseEnding = Refusal.outOf(endFromInsideRefusals);

/** The role is read from what was stored at the entrance, never from what a page says (leave-3). */
export async function endFromInside(services: Services, personId: string): Promise<boolean> {
  const person = await services.storage.read.attendances.find(personId);
  if (person?.role !== "MODERATOR" || person.leftAt !== null) return false;
  const ended = await endSession(refuseEnding, services, room, { sessionId: person.sessionId, cause: "MODERATOR" });
  return ended !== undefined;
}
