import { chmodSync, closeSync, openSync, statSync } from "node:fs";

const OTHERS = 0o077;
export const OWNER_ONLY = 0o600;

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

export function createPrivately(path: string): void {
  closeSync(openSync(path, "a", OWNER_ONLY));
  narrow(path);
}
