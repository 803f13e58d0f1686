import { StorageUnavailable } from "../unavailable.js";

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
