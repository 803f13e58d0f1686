import { newId } from "../../ids.js";
import type { Arrival, Entered, Person } from "../../engine/engine.js";
import { type Queries, type Session, sortKey } from "../../storage/index.js";
import { originOf } from "../caller.js";
import { recordEvent } from "../events/events.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import { demandRunning, personOf, refuseBeyond, roomOf } from "../session/room.js";
import type { Services } from "../services.js";

export const enterRoomRefusals = [
  "SESSION_OVER",
  "REMOVED",
  "ATTENDANCE_LIMIT_REACHED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(enterRoomRefusals);

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
async function openStay(tx: Queries, { instanceId }: Services, session: Session, person: Person, at: Date) {
  const [attendance, held] = await Promise.all([
    tx.attendances.enter(rowOf(session, person, at)),
    tx.stays.findOpen(person.id),
  ]);
  if (!attendance) throw refuse("REMOVED", {});
  const line = { instanceId, engineUserId: null };
  if (held) {
    await tx.stays.carryOn(held.id, line);
    return attendance;
  }
  const of = { id: newId(), attendanceId: person.id, sessionId: session.id };
  await tx.stays.insert({ ...of, joinedAt: at, source: "LIVE", ...line });
  await recordEvent({ tx, type: "attendance.joined", origin: originOf("LIVE"), at, session, attendance });
  return attendance;
}

/**
 * Someone goes in at the gateway's own door: the session runs, the room has a place, attendance and stay are written,
 * all in one transaction (enter-2), so that the limit is never exceeded.
 * @param engine whose door it is; of another engine's session it knows nothing
 * @throws Refusal of `enterRoomRefusals`; NotAtHome where another server runs the room
 */
export async function enterRoom(services: Services, engine: string, { sessionId, person }: Arrival): Promise<Entered> {
  const { storage, clock, homes } = services;
  return storage.transaction(async (tx) => {
    const [session, license, others] = await Promise.all([
      tx.sessions.lock(sessionId),
      tx.licenses.findOfSession(sessionId),
      tx.attendances.countOthersInside(sessionId, person.id),
    ]);
    if (session?.engine !== engine) throw refuse("SESSION_OVER", {});
    const running = demandRunning(refuse, session, license);
    // A room whose session is over has no home, and that it is over is the answer.
    homes.demand(session);
    refuseBeyond(refuse, running, others);
    const attendance = await openStay(tx, services, session, person, clock.now());
    await tx.sessions.notePresent(session.id, 1 + others);
    return { person: personOf(attendance), room: roomOf(session, license) };
  });
}
