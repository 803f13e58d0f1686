import { and, asc, count, eq, gt, lt, ne, sql } from "drizzle-orm";
import type { QueryBase, Sighting, Tables, Traveller } from "../database.js";
import { given, givenLimit, many, one, run, wholeRow } from "./prepare.js";

type NewTraveller = Tables["onTheWay"]["$inferInsert"];
type NewSighting = Tables["sightings"]["$inferInsert"];

/** Whom a link has sent on to an engine elsewhere. */
export function onTheWayQueries({ db, dialect, tables: { onTheWay: table } }: QueryBase) {
  const row = wholeRow<NewTraveller>(table);
  const byId = eq(table.personId, sql.placeholder("personId"));
  const ofSession = eq(table.sessionId, sql.placeholder("sessionId"));
  const countsUntil = given("countsUntil", table.countsUntil);
  const send = run(() =>
    db.insert(table).values(row.placeholders).onConflictDoUpdate({ target: table.personId, set: { countsUntil } }),
  );
  const arrived = run(() => db.delete(table).where(byId));
  const countOthers = one(() =>
    db
      .select({ others: count() })
      .from(table)
      .where(
        and(
          ofSession,
          gt(table.countsUntil, given("now", table.countsUntil)),
          ne(table.personId, sql.placeholder("personId")),
        ),
      ),
  );
  const listOfSession = many(() => db.select().from(table).where(ofSession).orderBy(asc(table.countsUntil)));
  const forget = many(() => {
    const over = db
      .select({ personId: table.personId })
      .from(table)
      .where(lt(table.countsUntil, given("before", table.countsUntil)))
      .limit(givenLimit);
    return db.delete(table).where(dialect.isOneOf(table.personId, over)).returning({ personId: table.personId });
  });

  return {
    /** Again, where they are sent on again. */
    send: (traveller: NewTraveller): Promise<void> => send(row.valuesOf(traveller)),
    /** The engine told of them: they take no place of this kind any more. */
    arrived: (personId: string): Promise<void> => arrived({ personId }),
    /** Who takes a place at `now` without being inside, this person not counted. */
    countOthers: async (sessionId: string, personId: string, now: Date): Promise<number> =>
      (await countOthers({ sessionId, personId, now }))?.others ?? 0,
    /** Also those who take no place any more; who was sent on first comes first. */
    listOfSession: (sessionId: string): Promise<Traveller[]> => listOfSession({ sessionId }),
    /** Those who took none before this, no more than `limit` of them. @returns how many */
    forget: async (before: Date, limit: number): Promise<number> => (await forget({ before, limit })).length,
  };
}

/** What engines elsewhere told of people. */
export function sightingQueries({ db, tables: { sightings: table, sessions } }: QueryBase) {
  const row = wholeRow<NewSighting>(table);
  const note = one(() => db.insert(table).values(row.placeholders).onConflictDoNothing().returning({ at: table.at }));
  const listOfPerson = many(() =>
    db
      .select()
      .from(table)
      .where(and(eq(table.sessionId, sql.placeholder("sessionId")), eq(table.personId, sql.placeholder("personId")))),
  );
  const forget = many(() => {
    // Asked of each: PostgreSQL would join all sessions there are with `exists`.
    const endOfItsSession = db.select({ at: sessions.endedAt }).from(sessions).where(eq(sessions.id, table.sessionId));
    const isOver = sql`${endOfItsSession} < ${given("before", sessions.endedAt)}`;
    const columns = sql`(${table.sessionId}, ${table.personId}, ${table.at}, ${table.line}, ${table.isInside})`;
    const over = db
      .select({
        sessionId: table.sessionId,
        personId: table.personId,
        at: table.at,
        line: table.line,
        isInside: table.isInside,
      })
      .from(table)
      .where(and(lt(table.at, given("before", table.at)), isOver))
      .orderBy(asc(table.at))
      .limit(givenLimit);
    return db.delete(table).where(sql`${columns} in ${over}`).returning({ at: table.at });
  });

  return {
    /** @returns false where it is known */
    note: async (sighting: NewSighting): Promise<boolean> => (await note(row.valuesOf(sighting))) !== undefined,
    listOfPerson: (sessionId: string, personId: string): Promise<Sighting[]> => listOfPerson({ sessionId, personId }),
    /** Of sessions that were over before this instant, no more than `limit` of them. @returns how many */
    forget: async (before: Date, limit: number): Promise<number> => (await forget({ before, limit })).length,
  };
}
