import type { Command } from "commander";
import { readConfig } from "../config.js";
import type { CopyFailed, CopyFault } from "../storage/index.js";
import { databaseUrl, type DatabaseAddress, Wrong } from "../variables.js";
import { Complaint } from "./complaint.js";
import { counted, print, table } from "./output.js";
import { terminal } from "./terminal.js";
import { note } from "./with-services.js";

const sentences: Record<CopyFault, (table: string) => string> = {
  NO_SOURCE: () => "There is no VConnct database where --from says.",
  OLDER_SOURCE: () =>
    'The file was written by an older version: stop its server, run "vconnct migrate" with the file as DATABASE_URL, then copy.',
  NEWER_SOURCE: () => "The file was written by a newer version than this tool is: use the newer one.",
  TARGET_BUSY: () => "Another copy or migration is at work on the database that --to names.",
  TARGET_NOT_EMPTY: () =>
    "The database that --to names holds rows that no copy brought there: take an empty one, and start no server on it before.",
  UNSTORABLE: (name) => `A text in the table ${name} holds a character that PostgreSQL stores nowhere: NUL.`,
  UNSOUND: (name) => `The table ${name} is not the same in both databases afterwards. Does anybody write to the copy?`,
};

function addressOf(option: string, text: string): DatabaseAddress {
  try {
    return databaseUrl(text);
  } catch (error) {
    throw error instanceof Wrong ? new Complaint(`${option} ${error.message}`) : error;
  }
}

function ways(options: { from: string; to?: string }): { from: string; to: string } {
  const from = addressOf("--from", options.from);
  const to = options.to === undefined ? readConfig(terminal.env).database : addressOf("--to", options.to);
  if (!("file" in from)) throw new Complaint("--from must be a file of SQLite: there is no way back from PostgreSQL.");
  if (!("server" in to)) throw new Complaint("--to, or DATABASE_URL in its place, must name a database of PostgreSQL.");
  return { from: from.file, to: to.server };
}

/** The storage's errors by name: importing their classes would load the database for each --help. */
const faultOf = (error: unknown): CopyFailed | undefined =>
  error instanceof Error && error.name === "CopyFailed" ? (error as CopyFailed) : undefined;

const grouped = (count: number): string => count.toLocaleString("en");

const COMPLETE =
  "Start the server on it with the same SECRET_KEY, or the secret.key of the old DATA_DIR; start none on the file any more.";
const INCOMPLETE =
  "A server runs on the file and goes on changing it: stop it and run this again. Until then no server starts on the copy.";

async function copy(options: { from: string; to?: string }): Promise<void> {
  const { from, to } = ways(options);
  const { copyDatabase } = await import("../storage/copy/copy.js");
  const say = (name: string, rows: number, of: number) =>
    void terminal.err.write(`${name}: ${grouped(rows)} of ${grouped(of)}\n`);
  const onResumed = () => note("A copy was begun before: it is compared, and brought to its end.");
  try {
    const { tables, isComplete } = await copyDatabase({ from, to, say, onResumed });
    const all = tables.reduce((sum, { rows }) => sum + rows, 0);
    const lines = tables.map(({ rows, sha256, table: name }) => [name, String(rows), sha256]);
    await print(table(["TABLE", "ROWS", "SHA-256, THE SAME IN BOTH"], lines));
    await print(`${grouped(all)} rows of ${counted(tables.length, "table")} copied and compared.`);
    await print(isComplete ? COMPLETE : INCOMPLETE);
  } catch (error) {
    const failed = faultOf(error);
    throw failed ? new Complaint(sentences[failed.fault](failed.table ?? "")) : error;
  }
}

export function addCopyCommand(program: Command): void {
  program
    .command("copy")
    .requiredOption("--from <ADDRESS>", "the file of SQLite, for example file:./data/vconnct.sqlite")
    .option("--to <ADDRESS>", "the database of PostgreSQL, migrated and empty; what DATABASE_URL says when left out")
    .description("copy everything from SQLite to PostgreSQL and compare it; run again, it does what is left to do")
    .action(copy);
}
