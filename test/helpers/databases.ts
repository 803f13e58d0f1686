import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { tablesInOrder } from "../../src/storage/copy/tables.js";
import { askPostgres, copyOfDatabase, takeDatabase } from "./postgres.js";

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-"));
  // A browser's processes end one after the other, and the last may still write into its profile.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}

/** Whether the run is on PostgreSQL (`TEST_ON=postgres npm test`): one database a folder, in place of its file. */
export const isOnPostgres = (process.env["TEST_ON"] ?? "").endsWith("postgres");

/** Of what only a file of SQLite has, or only its connections: a server of PostgreSQL is somewhere else, and answers when it likes. */
export const ofFiles = test.skipIf(isOnPostgres);

/** Databases of a server, by the folders of those that they stand in for. */
const databases = new Map<string, string>();

/** Where the data of a server with this folder lies, if not in it. */
export const databaseOf = (folder: string): string | undefined => databases.get(folder);

/** What waits for a lock gives up as soon as it does on SQLite. */
const IMPATIENT = "options=-c%20lock_timeout%3D100";
const impatient = (url: string): string => `${url}${url.includes("?") ? "&" : "?"}${IMPATIENT}`;
const patient = (url: string): string => url.slice(0, -IMPATIENT.length - 1);

/**
 * The database that stands in for this folder's file, from before a process uses it; on SQLite there is none.
 * @returns gives it back
 */
export async function takeDatabaseFor(folder: string): Promise<() => Promise<void>> {
  if (!isOnPostgres || databases.has(folder)) return async () => {};
  const { url, giveBack } = await takeDatabase({ isLenient: true });
  databases.set(folder, impatient(url));
  return async () => {
    databases.delete(folder);
    await giveBack();
  };
}

/** Likewise until the test ends. */
export const makeDatabaseFor = async (folder: string): Promise<void> => onTestFinished(await takeDatabaseFor(folder));

/** All that a server has left that has ended. */
export async function copyOf(folder: string): Promise<string> {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  const url = databaseOf(folder);
  if (url) databases.set(copy, impatient(await copyOfDatabase(patient(url))));
  return copy;
}

/** Where a process of its own finds the data of a server with this folder. */
export function environmentOf(folder: string): Record<string, string> {
  const url = databaseOf(folder);
  return url ? { DATABASE_URL: url, DATA_DIR: folder } : { DATABASE_URL: `file:${folder}/vconnct.sqlite` };
}

/** Likewise of one that may be the first there. */
export async function environmentFor(folder: string): Promise<Record<string, string>> {
  await makeDatabaseFor(folder);
  return environmentOf(folder);
}

/** All that lies in a server's folder, and in its database, as whoever stole both would read it. */
export async function bytesIn(folder: string): Promise<string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  const url = databaseOf(folder);
  for (const { name } of url ? tablesInOrder() : []) {
    const rows = await askPostgres<{ text: string }>(
      url as string,
      `SELECT stored::text AS text FROM "${name}" AS stored`,
    );
    texts.push(...rows.map(({ text }) => text));
  }
  return texts.join("\n");
}
