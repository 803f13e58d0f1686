import { StorageUnavailable } from "../unavailable.js";

const damaged = /^SQLITE_(CORRUPT|NOTADB)/;

/** The file is not what was written: nothing read from it can be trusted, and no waiting mends it. */
export class DatabaseDamaged extends Error {
  override readonly name = "DatabaseDamaged";
}

/** Whether this, or what it came of, says that the file is damaged. */
export function isDamage(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof DatabaseDamaged) return true;
    if ("code" in at && typeof at.code === "string" && damaged.test(at.code)) return true;
  }
  return false;
}

const passing = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL|CORRUPT|NOTADB)/;

/** Keeps refusals and bugs as they are; turns what the database's surroundings caused into `StorageUnavailable`. */
export function asStorageFault(error: unknown): unknown {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && passing.test(at.code)) {
      return new StorageUnavailable("the database can't take this now", { cause: error });
    }
  }
  return error;
}

/** Nobody's fault; it may be tried again in a moment. */
export const isStorageUnavailable = (error: unknown): boolean => asStorageFault(error) instanceof StorageUnavailable;
