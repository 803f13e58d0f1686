import { resolve } from "node:path";
import type { Command } from "commander";
import { readConfig } from "../config.js";
import type { BackupFault } from "../storage/index.js";
import { Complaint } from "./complaint.js";
import { print } from "./output.js";
import { terminal } from "./terminal.js";
import { note } from "./with-services.js";

const sentences: Record<BackupFault, string> = {
  TARGET_EXISTS: "FILE is there already, and a backup replaces nothing: give another name.",
  NO_FOLDER: "The folder that FILE would lie in does not exist.",
  NO_DATABASE: "There is no VConnct database where DATABASE_URL says; it depends on the folder you are in.",
  GIVEN_UP: "The backup was given up; nothing of it was kept.",
  UNSOUND: "The copy is not sound, and was not kept: the database itself may be damaged. Keep your older backups.",
};

/** The storage's errors by name: importing their classes would load the database for each --help. */
function faultOf(error: unknown): BackupFault | undefined {
  return error instanceof Error && error.name === "BackupFailed"
    ? (error as Error & { fault: BackupFault }).fault
    : undefined;
}

/** Not the database's fault, but the place where the backup should go. */
function placeComplaint(error: unknown): Complaint | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (!syscall || !code || code === "ENOSPC") return undefined;
  return new Complaint("FILE can't be written: check that this user may write in its folder.");
}

const ON_SERVER = "The database is a server's: use its own tools, pg_dump for a copy or pg_basebackup for all of it.";

const units = ["bytes", "kB", "MB", "GB", "TB"];

/** In the unit that leaves one to three digits before the point: `1.2 GB`. */
function inUnits(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function backUp(file: string): Promise<void> {
  const { database } = readConfig(terminal.env);
  if ("server" in database) throw new Complaint(ON_SERVER);
  const { backUpDatabase } = await import("../storage/index.js");
  let isGivenUp = false;
  const giveUp = () => {
    isGivenUp = true;
  };
  for (const signal of signals) process.on(signal, giveUp);
  try {
    const options = { path: database.file, target: resolve(file), isGivenUp: () => isGivenUp };
    const { bytes, writtenBy } = await backUpDatabase(options);
    if (writtenBy !== "this version") note(`The database was written by ${writtenBy} of VConnct than this tool is.`);
    await print(`Backup written and checked: ${inUnits(bytes)} (${bytes} bytes).`);
  } catch (error) {
    const fault = faultOf(error);
    throw fault ? new Complaint(sentences[fault]) : (placeComplaint(error) ?? error);
  } finally {
    for (const signal of signals) process.off(signal, giveUp);
  }
}

export function addBackupCommand(program: Command): void {
  program
    .command("backup")
    .argument("<FILE>", "where the backup goes; it must not be there")
    .description("make a consistent copy of the database, beside a running server or not, and check it")
    .action(backUp);
}
