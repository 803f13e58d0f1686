import { and, asc, count, eq, gt, isNull, sql } from "drizzle-orm";
import type { EngineRow, License, QueryBase, Session, Tables } from "../database.js";
import { givenColumns, givenLimit, many, type One, one, shapes, wholeRow } from "./prepare.js";

type NewEngine = Tables["engines"]["$inferInsert"];
export type EngineChange = Partial<Pick<EngineRow, "options" | "sealedSecrets" | "weight" | "drainingAt">>;

/** An open session as its engine bears it. */
export type OpenRoom = Pick<Session, "id" | "meetingId" | "engine" | "startedAt"> & { people: number };

/** What engines have to do now, and who would miss one. */
function engineUse({ db, tables: { sessions, stays, licenses } }: QueryBase) {
  const isOpen = isNull(sessions.endedAt);
  const inside = db
    .select({ people: count() })
    .from(stays)
    .where(and(eq(stays.sessionId, sessions.id), isNull(stays.leftAt)));
  const listRoomsAfter = many(() =>
    db
      .select({
        id: sessions.id,
        meetingId: sessions.meetingId,
        engine: sessions.engine,
        startedAt: sessions.startedAt,
        people: sql<number>`(${inside})`.as("people"),
      })
      .from(sessions)
      .where(and(isOpen, gt(sessions.meetingId, sql.placeholder("after"))))
      .orderBy(asc(sessions.meetingId))
      .limit(givenLimit),
  );
  const countOpen = one(() =>
    db
      .select({ open: count() })
      .from(sessions)
      .where(and(isOpen, eq(sessions.engine, sql.placeholder("engine")))),
  );
  const listLicenses = many(() =>
    db
      .select({ id: licenses.id, name: licenses.name })
      .from(licenses)
      .where(eq(licenses.engine, sql.placeholder("engine")))
      .orderBy(asc(licenses.createdAt), asc(licenses.id)),
  );
  return {
    /** Of meetings after this one, of which each has one open session at most; in the meetings' order. */
    listRoomsAfter: (meetingId: string, limit: number): Promise<OpenRoom[]> =>
      listRoomsAfter({ after: meetingId, limit }),
    countOpen: async (engine: string): Promise<number> => (await countOpen({ engine }))?.open ?? 0,
    /** Those that name it. */
    listLicenses: (engine: string): Promise<Pick<License, "id" | "name">[]> => listLicenses({ engine }),
  };
}

export function engineQueries(base: QueryBase) {
  const { db, tables } = base;
  const table = tables.engines;
  const byName = eq(table.name, sql.placeholder("name"));
  const row = wholeRow<NewEngine>(table);
  const list = many(() => db.select().from(table).orderBy(asc(table.name)));
  const find = one(() => db.select().from(table).where(byName));
  const insert = one(() => db.insert(table).values(row.placeholders).onConflictDoNothing().returning());
  const remove = one(() => db.delete(table).where(byName).returning({ name: table.name }));
  const updates = shapes<One<EngineRow>>(20);
  const updateOf = (keys: (keyof EngineChange)[]) =>
    one(() =>
      db
        .update(table)
        .set(givenColumns<EngineChange & { updatedAt: Date }>(table, [...keys, "updatedAt"]))
        .where(byName)
        .returning(),
    );

  return {
    ...engineUse(base),
    list: (): Promise<EngineRow[]> => list(),
    find: (name: string): Promise<EngineRow | undefined> => find({ name }),
    /** Nothing when the name is taken. */
    insert: (engine: NewEngine): Promise<EngineRow | undefined> => insert(row.valuesOf(engine)),
    /** Writes what `change` names and leaves the rest as it is. */
    update: (name: string, change: EngineChange, updatedAt: Date): Promise<EngineRow | undefined> => {
      const keys = (Object.keys(change) as (keyof EngineChange)[]).toSorted();
      return updates(keys.join(), () => updateOf(keys))({ ...change, updatedAt, name });
    },
    /** False when it was not there. */
    remove: async (name: string): Promise<boolean> => (await remove({ name })) !== undefined,
  };
}
