import { type Entrance, entryRefusals, type RoomSpec } from "../../engine/engine.js";
import type { Queries, Session } from "../../storage/index.js";
import { engineOr } from "../session/engine-call.js";
import { demandRunning, hasPlace, refuseBeyond, roomOf } from "../session/room.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { type LinkParameters, personOfLink } from "./join-link.js";

/** What opening a link refuses, looked at or gone on with. */
export const linkRefusals = [...entryRefusals, "ENGINE_FAILED"] as const satisfies readonly RefusalCode[];
export type LinkRefusal = (typeof linkRefusals)[number];
const refuse = Refusal.outOf(linkRefusals);

/** What a link opens. */
export interface Opening {
  room: RoomSpec;
  entrance: Entrance;
  /** There is no place now; the engine is one before whose rooms people may wait. */
  isFull: boolean;
}

/**
 * How many others take a place in a session: those inside, and at an engine elsewhere also those who were sent on to it
 * and of whom it has not told yet, for a while.
 */
async function othersThere(
  queries: Queries,
  services: Services,
  { sessionID, personID }: LinkParameters,
  engine: string,
) {
  const inside = await queries.attendances.countOthersInside(sessionID, personID);
  if (services.engines.get(engine)?.here) return inside;
  return inside + (await queries.onTheWay.countOthers(sessionID, personID, services.clock.now()));
}

/** What it opens at this moment, as `queries` see it. */
async function openingOf(queries: Queries, services: Services, link: LinkParameters, session: Session | undefined) {
  if (!session) throw refuse("SESSION_OVER", {});
  const license = demandRunning(refuse, session, await queries.licenses.find(session.licenseId));
  if ((await queries.attendances.find(link.personID))?.removedAt) throw refuse("REMOVED", {});
  const others = await othersThere(queries, services, link, session.engine);
  const room = roomOf(session, license);
  const isFull = !hasPlace(license, others);
  const canWait = services.engines.get(session.engine)?.here?.canWait ?? false;
  if (!canWait) refuseBeyond(refuse, license, others);
  return { room, isFull, entrance: engineOr(refuse, services, session).entrance(room, personOfLink(link)) };
}

function verified({ links }: Services, query: string): LinkParameters {
  const link = links.verify(query);
  if (!link) throw refuse("LINK_TAMPERED", {});
  return link;
}

/**
 * What a link opens, looked at and not entered: writes nothing (enter-1).
 * @throws Refusal of `linkRefusals`
 */
export async function findOpening(services: Services, query: string): Promise<Opening> {
  const link = verified(services, query);
  const { read } = services.storage;
  return openingOf(read, services, link, await read.sessions.findAnyones(link.sessionID));
}

/**
 * Somebody goes on to an engine elsewhere, and takes a place from this moment, so that many who go at once are no more
 * than the room takes. Who is inside takes none besides; who goes again takes the same one. The place is free again
 * when the engine tells of them, or after a while.
 * @returns the same as a look where there is nowhere to go on to: that writes nothing
 * @throws Refusal of `linkRefusals`
 */
export async function sendOn(services: Services, query: string): Promise<Opening> {
  const { storage, clock, onTheWayMs } = services;
  const link = verified(services, query);
  const looked = await findOpening(services, query);
  if (!("address" in looked.entrance)) return looked;
  return storage.transaction(async (tx) => {
    const opening = await openingOf(tx, services, link, await tx.sessions.lock(link.sessionID));
    const { id, name, role } = personOfLink(link);
    const known = await tx.attendances.find(id);
    if (!known || known.leftAt !== null) {
      const countsUntil = new Date(clock.now().getTime() + onTheWayMs);
      await tx.onTheWay.send({ personId: id, sessionId: link.sessionID, fullName: name, role, countsUntil });
    }
    return opening;
  });
}
