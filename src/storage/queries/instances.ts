import { and, asc, eq, isNull, not, type SQL, sql } from "drizzle-orm";
import type { Instance, QueryBase, Tables } from "../database.js";
import { given, givenColumns, givenList, many, one, run, wholeRow } from "./prepare.js";

type NewInstance = Tables["instances"]["$inferInsert"];

/** A server that lives, and where the others reach it. */
export type Living = Pick<Instance, "id" | "address">;

export function instanceQueries({ db, tables: { instances: table }, dialect }: QueryBase) {
  const byId = eq(table.id, sql.placeholder("id"));
  const row = wholeRow<NewInstance>(table);
  const now = dialect.now(given("at", table.seenAt));
  const instants = <Name extends "startedAt" | "seenAt" | "endedAt">(...names: Name[]) =>
    Object.fromEntries(names.map((name) => [name, now])) as Record<Name, SQL>;
  const insert = run(() => db.insert(table).values({ ...row.placeholders, ...instants("startedAt", "seenAt") }));
  const beat = run(() =>
    db
      .update(table)
      .set({ ...givenColumns<Pick<Instance, "address">>(table, ["address"]), ...instants("seenAt") })
      .where(byId),
  );
  const end = run(() => db.update(table).set(instants("seenAt", "endedAt")).where(byId));
  const findMany = many(() =>
    db
      .select()
      .from(table)
      .where(dialect.isAmong(table.id, givenList("ids"))),
  );
  const living = and(isNull(table.endedAt), not(dialect.isLongAgo(table.seenAt, sql.placeholder("deadMs"))));
  const who = { id: table.id, address: table.address };
  const listLiving = many(() => db.select(who).from(table).where(living).orderBy(asc(table.id)));
  const findLiving = one(() => db.select(who).from(table).where(and(byId, living)));

  return {
    insert: (id: string, at: Date): Promise<void> => insert({ ...row.valuesOf({ id, startedAt: at, seenAt: at }), at }),
    beat: (id: string, at: Date, address: string | null = null): Promise<void> => beat({ id, at, address }),
    end: (id: string, at: Date): Promise<void> => end({ id, at }),
    findMany: (ids: readonly string[]): Promise<Instance[]> => findMany({ ids }),
    /** Those that have said so within this time, the oldest first; nobody on SQLite. */
    listLiving: (deadMs: number): Promise<Living[]> => listLiving({ deadMs }),
    findLiving: (id: string, deadMs: number): Promise<Living | undefined> => findLiving({ id, deadMs }),
  };
}
