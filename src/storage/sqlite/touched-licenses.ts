import type { Database as Connection } from "better-sqlite3";
import { eq, sql } from "drizzle-orm";
import type { Handle, License, LicenseId } from "../database.js";
import { one } from "../queries/prepare.js";
import * as tables from "../schema/sqlite.js";

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

/** Raises a license's version. @returns its row as it is then */
function raising(db: Handle): (id: LicenseId) => Promise<License | undefined> {
  const { licenses: table } = tables;
  const raise = one(() =>
    db
      .update(table)
      .set({ version: sql`${table.version} + 1` })
      .where(eq(table.id, sql.placeholder("id")))
      .returning(),
  );
  return (id) => raise({ id });
}

export interface TouchedLicenses {
  /** Call it when a transaction has begun. */
  begun(): void;
  /** Call it after each work. @param isKept whether what it changed stays in the transaction */
  worked(isKept: boolean): void;
  /** Call it right before the commit. @returns whose data changed, as they are now; the versions are raised */
  raiseVersions(): Promise<ReadonlyMap<LicenseId, License>>;
}

/**
 * Notes the licenses whose data a transaction changes, and raises their versions in it. Triggers of this one connection
 * do the noting, so that no query can forget it; they are not part of the file. They tell it to a function: a table of
 * their own would be a second one that each write writes to.
 */
export function touchedLicenses(writer: Connection, db: Handle): TouchedLicenses {
  const ofWork = new Set<LicenseId>();
  const ofGroup = new Set<LicenseId>();
  writer.pragma("temp_store = MEMORY");
  writer.function("touched", (id: LicenseId) => {
    ofWork.add(id);
    return null;
  });
  for (const [table, owner] of Object.entries(owners)) {
    if (owner === null) continue;
    for (const change of ["INSERT", "UPDATE", "DELETE"] as const) {
      if (change === "DELETE" && overBefore.has(table)) continue;
      writer.exec(`CREATE TEMP TRIGGER ${table}_${change} AFTER ${change} ON main.${inDatabase(table)}
        BEGIN SELECT touched(${owner(change === "DELETE" ? "OLD" : "NEW")}); END`);
    }
  }
  const raise = raising(db);
  const forget = () => {
    ofWork.clear();
    ofGroup.clear();
  };
  return {
    begun: forget,
    worked(isKept) {
      if (isKept) for (const id of ofWork) ofGroup.add(id);
      ofWork.clear();
    },
    async raiseVersions() {
      const raised = new Map<LicenseId, License>();
      for (const id of ofGroup) {
        const license = await raise(id);
        if (license) raised.set(id, license);
      }
      // The raising touched them as well.
      forget();
      return raised;
    },
  };
}
