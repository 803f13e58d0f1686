import { chmodSync, closeSync, mkdirSync, openSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";

const OTHERS = 0o077;
export const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Makes sure that a file which is there, from an older version or out of a backup, is its owner's only. By its name:
 * opening and closing it would drop the locks that SQLite holds on it in this process.
 */
export function narrow(path: string): void {
  try {
    const file = statSync(path);
    if (file.isFile() && (file.mode & OTHERS) !== 0) chmodSync(path, OWNER_ONLY);
  } catch {
    // Not there, or not ours to change: then its mode is not ours to see to either.
  }
}

/** Files and folders made by whoever holds this, so that what fails can leave nothing behind. */
export class MadeFiles {
  readonly #undo: (() => void)[] = [];

  /** The folder, and those above it. */
  folder(path: string): void {
    const topmost = mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
    if (topmost === undefined) return;
    this.#undo.push(() => {
      // Only while they are empty: somebody else may have put something there.
      for (let at = path; at.length >= topmost.length; at = dirname(at)) rmdirSync(at);
    });
  }

  /** An empty file, where there is none. @param sides what SQLite puts beside it, by the ends of their names */
  file(path: string, sides: readonly string[] = []): void {
    try {
      closeSync(openSync(path, "wx", OWNER_ONLY));
      this.note(path, sides);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      narrow(path);
    }
  }

  /** A file that was made otherwise. */
  note(path: string, sides: readonly string[] = []): void {
    this.#undo.push(() => {
      for (const end of ["", ...sides]) rmSync(path + end, { force: true });
    });
  }

  /** Removes what was made, the newest first. What can't be removed stays: it is no worse than what failed before. */
  undo(): void {
    for (const undo of this.#undo.splice(0).toReversed()) {
      try {
        undo();
      } catch {
        // Not empty, or not ours any more.
      }
    }
  }

  /** From here on it is here to stay. */
  keep(): void {
    this.#undo.length = 0;
  }
}
