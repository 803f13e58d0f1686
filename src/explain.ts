// By its own file, which is read at once: the index loads the database with it.
import { hindrance, sayOfDatabase, unusableServer } from "./storage/postgres/faults.js";
import { unusableFile } from "./storage/sqlite/faults.js";

const plainNames = new Set([
  "ConfigError",
  "DatabaseGone",
  "DatabaseInUse",
  "DatabaseNotMigrated",
  "DatabaseTooNew",
  "UnusableSecret",
  "UnusableManifest",
]);

/** What a person can act on is said in one line; anything else is a bug and shows its stack. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (plainNames.has(error.name)) return error.message;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return `The address is in use: choose another with --port or --host (${error.message}).`;
  if (syscall === "listen" || syscall === "getaddrinfo") return `PORT or HOST can't be used: ${error.message}`;
  const ofDatabase = sayOfDatabase(error, (at) => unusableFile(at) ?? unusableServer(at) ?? hindrance(at));
  if (ofDatabase !== undefined) return ofDatabase;
  if (path !== undefined) return `A file can't be used; see DATABASE_URL and DATA_DIR: ${error.message}`;
  return error.stack ?? error.message;
}
