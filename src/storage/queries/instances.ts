import { eq, sql } from "drizzle-orm";
import type { Instance, QueryBase, Tables } from "../database.js";
import { givenColumns, givenList, many, run, wholeRow } from "./prepare.js";

type NewInstance = Tables["instances"]["$inferInsert"];

export function instanceQueries({ db, tables: { instances: table }, dialect }: QueryBase) {
  const byId = eq(table.id, sql.placeholder("id"));
  const row = wholeRow<NewInstance>(table);
  const insert = run(() => db.insert(table).values(row.placeholders));
  const beat = run(() =>
    db
      .update(table)
      .set(givenColumns<Pick<Instance, "seenAt">>(table, ["seenAt"]))
      .where(byId),
  );
  const end = run(() =>
    db
      .update(table)
      .set(givenColumns<Pick<Instance, "seenAt" | "endedAt">>(table, ["seenAt", "endedAt"]))
      .where(byId),
  );
  const findMany = many(() =>
    db
      .select()
      .from(table)
      .where(dialect.isAmong(table.id, givenList("ids"))),
  );

  return {
    insert: (id: string, at: Date): Promise<void> => insert(row.valuesOf({ id, startedAt: at, seenAt: at })),
    beat: (id: string, seenAt: Date): Promise<void> => beat({ id, seenAt }),
    end: (id: string, at: Date): Promise<void> => end({ id, seenAt: at, endedAt: at }),
    findMany: (ids: readonly string[]): Promise<Instance[]> => findMany({ ids }),
  };
}
