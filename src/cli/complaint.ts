import { ConfigError } from "../config.js";
import { isUuid } from "../domain/checks.js";
import { isEngineFailure } from "../domain/refusal.js";
import { sayOfDatabase, unusableServer } from "../storage/postgres/faults.js";
import { NotPrinted } from "./output.js";

/** Something the operator can put right: its message is shown as it is. */
export class Complaint extends Error {
  override readonly name = "Complaint";
}

/** @throws Complaint with all of them, when there are any */
export function complainOf(faults: string[]): void {
  if (faults.length > 0) throw new Complaint(faults.join("\n       "));
}

/** Not shown again: whoever mistakes a key for an id should not find it in a log. */
export const idFaults = (id: string, command: string): string[] =>
  isUuid(id) ? [] : [`ID must be an id as "vconnct ${command} list" shows it`];

/** By the code of SQLite, of PostgreSQL or of the operating system; their own messages hold paths and SQL. The first match counts. */
const surroundings: [RegExp, string][] = [
  [
    /^(SQLITE_(BUSY|LOCKED)|55P03$|57014$|40)/,
    "The database is busy: another process is writing to it. Try again in a moment.",
  ],
  [/^(SQLITE_FULL|ENOSPC|53100$)/, "There is no space left on the disk."],
  [/^SQLITE_(NOTADB|CORRUPT)/, "The file that DATABASE_URL names is not a sound VConnct database."],
  [
    /^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|E[A-Z]+$)/,
    "The database can't be opened for writing: check DATABASE_URL, and that this user may write there.",
  ],
  [/^(SQLITE_|(08|25|53|57|58)...$)/, "The database can't take this now."],
];

function sayBySurroundings(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (!("code" in at) || typeof at.code !== "string") continue;
    const { code } = at;
    const found = surroundings.find(([pattern]) => pattern.test(code));
    if (found) return found[1];
  }
  return undefined;
}

/** Nothing where its reader has left, as with `| head -1`. */
function sayOfOutput({ cause }: NotPrinted): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return "";
  return code === "ENOSPC" ? "There is no space left where the output goes." : "The output can't be written.";
}

/** One sentence for the operator: never a stack, SQL or a path. Nothing when there is nobody to tell. */
export function explain(error: unknown): string {
  // The storage's errors by name: importing their classes would load the database for each --help.
  const name = error instanceof Error ? error.name : typeof error;
  const isPlain = ["Complaint", "DatabaseGone", "DatabaseNotMigrated", "DatabaseTooNew"].includes(name);
  if (error instanceof Error && isPlain) return error.message;
  if (error instanceof ConfigError) return `${error.message}\nvconnct reads the same environment as the server.`;
  if (isEngineFailure(error)) {
    return error.facts.retryable
      ? "The conference engine did not close the room. The session runs on; try again."
      : "This server does not have the conference engine of that room, or it refused. The session runs on.";
  }
  if (error instanceof NotPrinted) return sayOfOutput(error);
  if (name === "DatabaseInUse") {
    return "The database must be brought up to date first, and another process holds it: stop the older server, or try again.";
  }
  return (
    sayOfDatabase(error, unusableServer) ??
    sayBySurroundings(error) ??
    `Something went wrong inside vconnct (${name}). Please report what you did.`
  );
}
