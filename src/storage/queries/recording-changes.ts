import { and, eq, getTableColumns, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { QueryBase, Recording, Tables } from "../database.js";
import { given, givenList, many, one, wholeRow } from "./prepare.js";

type NewRecording = Tables["recordings"]["$inferInsert"];

/** What an engine may tell anew of a recording. */
const told = [
  "status",
  "isPublished",
  "playbackUrl",
  "durationSeconds",
  "sizeBytes",
  "formats",
  "startedAt",
  "endedAt",
  "hasTemporaryUrls",
] as const;

/** New, or changed by what is told; no row where that was known, or the recording was deleted here. */
function noteRecording({ db, tables: { recordings: table } }: QueryBase) {
  const row = wholeRow<NewRecording>(table);
  const columns = getTableColumns(table);
  const inserted = (name: keyof typeof columns): SQL => sql.raw(`excluded.${columns[name].name}`);
  const isNews = or(...told.map((name) => sql`${columns[name]} IS DISTINCT FROM ${inserted(name)}`));
  const note = one(() =>
    db
      .insert(table)
      .values(row.placeholders)
      .onConflictDoUpdate({
        target: [table.engine, table.engineRecordingId],
        set: Object.fromEntries([...told, "updatedAt" as const].map((name) => [name, inserted(name)])),
        setWhere: and(eq(table.sessionId, inserted("sessionId")), isNull(table.deletedAt), isNews) as SQL,
      })
      .returning(),
  );
  return (recording: NewRecording): Promise<Recording | undefined> => note(row.valuesOf(recording));
}

/** What is written of recordings; each gives the row as it is afterwards, or none where nothing had to change. */
export function recordingChanges(base: QueryBase) {
  const { db, dialect } = base;
  const table = base.tables.recordings;
  const thereById = and(eq(table.id, sql.placeholder("id")), isNull(table.deletedAt));
  const updatedAt = given("at", table.updatedAt);
  const listOfEngine = many(() =>
    db
      .select()
      .from(table)
      .where(
        and(
          eq(table.engine, sql.placeholder("engine")),
          dialect.isAmong(table.engineRecordingId, givenList("engineRecordingIds")),
        ),
      ),
  );
  const isPublished = given("isPublished", table.isPublished);
  const publish = one(() =>
    db
      .update(table)
      .set({ isPublished, updatedAt })
      .where(and(thereById, ne(table.isPublished, isPublished)))
      .returning(),
  );
  const markDeleted = one(() =>
    db
      .update(table)
      .set({ isPublished: false, deletedAt: given("at", table.deletedAt), updatedAt })
      .where(thereById)
      .returning(),
  );
  return {
    note: noteRecording(base),
    /** By the engine's own ids; those that were deleted here among them. */
    listOfEngine: (engine: string, engineRecordingIds: readonly string[]): Promise<Recording[]> =>
      listOfEngine({ engine, engineRecordingIds }),
    publish: (id: string, published: boolean, at: Date): Promise<Recording | undefined> =>
      publish({ id, isPublished: published, at }),
    /** It may not be opened any more, either. */
    markDeleted: (id: string, at: Date): Promise<Recording | undefined> => markDeleted({ id, at }),
  };
}
