import type { Database as Connection } from "better-sqlite3";
import type { LicenseId } from "../database.js";
import type * as tables from "../schema/sqlite.js";

/**
 * Whose a row is, by the row; null where no partner's data changes with it. A table without a word here does not compile.
 * PostgreSQL's triggers are in its migrations, for the same tables.
 */
export const owners = {
  licenses: (row) => `${row}.id`,
  meetings: (row) => `${row}.license_id`,
  sessions: (row) => `${row}.license_id`,
  attendances: (row) => `${row}.license_id`,
  stays: (row) => `(SELECT license_id FROM attendances WHERE id = ${row}.attendance_id)`,
  recordings: (row) => `${row}.license_id`,
  awaitedRecordings: null,
  recordingRuns: (row) => `${row}.license_id`,
  messages: (row) => `${row}.license_id`,
  notes: (row) => `${row}.license_id`,
  events: (row) => `${row}.license_id`,
  accessTokens: (row) => `${row}.license_id`,
  idempotency: null,
  instances: null,
  onTheWay: null,
  sightings: null,
  licenseDays: null,
  engines: null,
} satisfies Record<keyof typeof tables, ((row: "NEW" | "OLD") => string) | null>;

/** What is deleted from these shows nowhere: it was over for everyone long before. */
const overBefore: ReadonlySet<string> = new Set(["events", "accessTokens"] satisfies (keyof typeof owners)[]);

const inDatabase = (table: string): string => table.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Notes the licenses whose data a transaction changes, and raises their versions in it. Triggers of this one connection
 * do the noting, so that no query can forget it; they are not part of the file.
 */
export function touchedLicenses(writer: Connection): {
  /** Call it right before the commit. @returns whose data changed; the versions are raised */
  raiseVersions(): ReadonlySet<LicenseId>;
} {
  writer.pragma("temp_store = MEMORY");
  writer.exec("CREATE TEMP TABLE touched (license_id TEXT NOT NULL)");
  for (const [table, owner] of Object.entries(owners)) {
    if (owner === null) continue;
    for (const change of ["INSERT", "UPDATE", "DELETE"] as const) {
      if (change === "DELETE" && overBefore.has(table)) continue;
      writer.exec(`CREATE TEMP TRIGGER ${table}_${change} AFTER ${change} ON main.${inDatabase(table)}
        BEGIN INSERT INTO touched VALUES (${owner(change === "DELETE" ? "OLD" : "NEW")}); END`);
    }
  }
  const list = writer.prepare<[], LicenseId>("SELECT DISTINCT license_id FROM touched").pluck();
  const raise = writer.prepare(
    "UPDATE licenses SET version = version + 1 WHERE id IN (SELECT license_id FROM touched)",
  );
  const forget = writer.prepare("DELETE FROM touched");
  return {
    raiseVersions() {
      const touched = new Set(list.all());
      if (touched.size === 0) return touched;
      raise.run();
      forget.run();
      return touched;
    },
  };
}
