import { StorageUnavailable } from "../unavailable.js";

/** The file is not what was written: nothing read from it can be trusted, and no waiting mends it. */
export class DatabaseDamaged extends Error {
  override readonly name = "DatabaseDamaged";
}

/** The first of this and what it came of that is so. */
function among(error: unknown, isSo: (at: Error) => boolean): Error | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (isSo(at)) return at;
  return undefined;
}

const coded = (codes: RegExp) => (error: Error) =>
  "code" in error && typeof error.code === "string" && codes.test(error.code);

const damaged = coded(/^SQLITE_(CORRUPT|NOTADB)/);
const passing = coded(/^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL|CORRUPT|NOTADB)/);
const unusable = coded(/^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|PERM|AUTH|NOTADB|CORRUPT)/);

/** Whether this, or what it came of, says that the file is damaged. */
export const isDamage = (error: unknown): boolean =>
  among(error, (at) => at instanceof DatabaseDamaged || damaged(at)) !== undefined;

/** What SQLite says where a start can't use the file. */
export const unusableFile = (error: unknown): string | undefined => among(error, unusable)?.message;

/** Keeps refusals and bugs as they are; turns what the database's surroundings caused into `StorageUnavailable`. */
export const asStorageFault = (error: unknown): unknown =>
  among(error, passing) ? new StorageUnavailable("the database can't take this now", { cause: error }) : error;

/** Nobody's fault; it may be tried again in a moment. */
export const isStorageUnavailable = (error: unknown): boolean => asStorageFault(error) instanceof StorageUnavailable;
