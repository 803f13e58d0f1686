import type { Arrival, Departure, Entered, Person, Source } from "../../engine/engine.js";
import type { Attendance, Queries, Session } from "../../storage/index.js";
import { originOf } from "../caller.js";
import type { Services } from "../services.js";
import { personOf, roomOf } from "../session/room.js";
import { lineTold, nameTold } from "./as-told.js";
import { correctStays } from "./correct-stays.js";
import { personIdOf } from "./strangers.js";
import { type Seeing, SIGHTING_KEPT_MS, visitsOf, WHOLE_PERSON } from "./sightings.js";

/** No report is of a time before its session, after its end, or still to come. */
export function timeWithin({ startedAt, endedAt }: Session, at: Date, now: Date): Date {
  const latest = Math.min(now.getTime(), endedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return new Date(Math.max(startedAt.getTime(), Math.min(at.getTime(), latest)));
}

/** The session an engine tells of, where it is that engine's and not over for so long that all of it is settled. */
export async function toldOf(
  tx: Queries,
  { clock }: Services,
  engine: string,
  sessionId: string,
): Promise<Session | undefined> {
  const session = await tx.sessions.lock(sessionId);
  if (session?.engine !== engine || session.status === "FAILED") return undefined;
  const isLongOver = session.endedAt !== null && clock.now().getTime() - session.endedAt.getTime() > SIGHTING_KEPT_MS;
  return isLongOver ? undefined : session;
}

interface Seen {
  source: Source;
  person: Person;
  known: Attendance | undefined;
  /** All that was told of them. */
  sightings: readonly Seeing[];
}

/** A person's stays, as all that was told of them says; what the engine said of the whole session afterwards is better. */
async function settle(
  tx: Queries,
  services: Services,
  session: Session,
  { source, person, known, sightings }: Seen,
): Promise<void> {
  const stays = await tx.stays.listCounting(person.id);
  if (stays.some((stay) => stay.source === "ANALYTICS")) return;
  const visits = visitsOf(sightings, session.endedAt);
  if (visits.length === 0) return;
  await correctStays(tx, originOf(source), { session, person, known, visits }, stays, services.clock.now());
}

/** For so long after somebody left an engine may still name them when it is asked (a minute), and a look is late. */
const NAMED_ON_MS = 75_000;

/** Whether a poll that finds somebody finds only that the engine is slow to forget them. */
const hasJustLeft = (sightings: readonly Seeing[], at: Date): boolean =>
  sightings.some((each) => !each.isInside && Math.abs(at.getTime() - each.at.getTime()) < NAMED_ON_MS);

/** Comings and leavings of one person in one session: all of them are looked at with each. */
const MOST_SIGHTED = 1_000;

/** Beyond those nobody comes in, and whoever is still inside goes out, so that none stays there for ever. */
const isBeyond = (sightings: readonly Seeing[], known: Attendance | undefined): boolean =>
  sightings.length >= MOST_SIGHTED && (known?.leftAt !== null || sightings.length >= 2 * MOST_SIGHTED);

export const isOfAnother = (known: Attendance | undefined, session: Session) => known && known.sessionId !== session.id;

/**
 * An engine elsewhere says that someone came in: it is written whether there was a place or not, once, whatever it is
 * told after or before (decision 34).
 * @returns undefined where it is not that engine's session, or another session's person
 */
export function noteArrival(services: Services, engine: string, arrival: Arrival): Promise<Entered | undefined> {
  const { sessionId, source, engineUserId = WHOLE_PERSON } = arrival;
  const line = lineTold(engineUserId);
  const { id, name, role } = arrival.person;
  const person = { id: personIdOf(sessionId, id), name: nameTold(name), role };
  return services.storage.transaction(async (tx) => {
    const session = await toldOf(tx, services, engine, sessionId);
    const known = await tx.attendances.find(person.id);
    if (!session || isOfAnother(known, session)) return undefined;
    const now = services.clock.now();
    const at = timeWithin(session, arrival.at ?? now, now);
    const seen = await tx.sightings.listOfPerson(sessionId, person.id);
    const isNews = source !== "POLL" || !hasJustLeft(seen, at);
    if (isNews) await tx.onTheWay.arrived(person.id);
    const sighting = { sessionId, personId: person.id, line, at, isInside: true, source };
    const isNew = isNews && seen.length < MOST_SIGHTED && (await tx.sightings.note(sighting));
    if (isNew) await settle(tx, services, session, { source, person, known, sightings: [...seen, sighting] });
    const license = await tx.licenses.find(session.licenseId);
    return { person: known ? personOf(known) : person, room: roomOf(session, license) };
  });
}

/** Likewise, that someone went. It may be told before their coming is: then it waits for that. */
export function noteDeparture(services: Services, engine: string, departure: Departure): Promise<void> {
  const { sessionId, source, engineUserId = WHOLE_PERSON } = departure;
  const line = lineTold(engineUserId);
  const personId = personIdOf(sessionId, departure.personId);
  return services.storage.transaction(async (tx) => {
    const session = await toldOf(tx, services, engine, sessionId);
    const known = await tx.attendances.find(personId);
    if (!session || isOfAnother(known, session)) return;
    const at = timeWithin(session, departure.at, services.clock.now());
    const seen = await tx.sightings.listOfPerson(sessionId, personId);
    if (isBeyond(seen, known)) return;
    // The last of all: whichever lines they came over, they are out.
    const ended = seen.length < MOST_SIGHTED ? line : WHOLE_PERSON;
    const sighting = { sessionId, personId, line: ended, at, isInside: false, source };
    if (!(await tx.sightings.note(sighting)) || !known) return;
    await settle(tx, services, session, { source, person: personOf(known), known, sightings: [...seen, sighting] });
  });
}
