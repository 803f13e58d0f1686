import type { Attended } from "../../engine/engine.js";
import type { Queries, Session } from "../../storage/index.js";
import { originOf } from "../caller.js";
import type { Services } from "../services.js";
import { personOf } from "../session/room.js";
import { momentsTold, MOST_PEOPLE_TOLD, nameTold } from "./as-told.js";
import { correctStays } from "./correct-stays.js";
import { type Visit, visitsOf, WHOLE_PERSON } from "./sightings.js";
import { personIdOf } from "./strangers.js";
import { isOfAnother, timeWithin, toldOf } from "./told.js";

const source = "ANALYTICS";

/** Inside as long as any line is: a line ends one that began, whichever. */
function visitsIn(session: Session, told: Attended, now: Date): Visit[] {
  const { joins, leaves } = momentsTold(told);
  const moments = [
    ...joins.map((at) => ({ at: timeWithin(session, at, now), isInside: true })),
    ...leaves.map((at) => ({ at: timeWithin(session, at, now), isInside: false })),
  ].toSorted((one, other) => one.at.getTime() - other.at.getTime() || Number(other.isInside) - Number(one.isInside));
  let lines = 0;
  const turns = moments.filter(({ isInside }) => {
    const before = lines;
    lines = Math.max(0, lines + (isInside ? 1 : -1));
    return (before === 0) !== (lines === 0);
  });
  return visitsOf(
    turns.map((turn) => ({ ...turn, line: WHOLE_PERSON, source })),
    session.endedAt,
  );
}

/** One person's stays are what is said now; those before are kept and count no more. Their first entry stays. */
async function rewrite(tx: Queries, services: Services, session: Session, told: Attended): Promise<void> {
  const id = personIdOf(session.id, told.personId);
  const known = await tx.attendances.find(id);
  if (isOfAnother(known, session)) return;
  const now = services.clock.now();
  const visits = visitsIn(session, told, now);
  const person = known ? personOf(known) : { id, name: nameTold(told.name), role: told.role };
  const stays = await tx.stays.listCounting(id);
  await correctStays(tx, originOf(source), { session, person, known, visits }, stays, now);
}

/**
 * What an engine says of a session that is over: each person in a transaction of its own, so that hundreds keep nobody
 * waiting. Told again it changes nothing. Whom it does not name stays as known.
 * @returns false where the session is not over
 */
export async function noteAttended(
  services: Services,
  engine: string,
  sessionId: string,
  people: readonly Attended[],
): Promise<boolean> {
  const { storage } = services;
  const found = await storage.read.sessions.findAnyones(sessionId);
  if (found?.engine === engine && found.endedAt === null) return false;
  for (const told of people.slice(0, MOST_PEOPLE_TOLD)) {
    if (told.joins.length === 0) continue;
    await storage.transaction(async (tx) => {
      const session = await toldOf(tx, services, engine, sessionId);
      if (session) await rewrite(tx, services, session, told);
    });
  }
  return true;
}
