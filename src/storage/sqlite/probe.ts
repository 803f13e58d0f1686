import { open, unlink } from "node:fs/promises";

/** What a busy second of the database writes, several times over. */
const PROBE_BYTES = 1024 * 1024;

/**
 * Writes a file beside the database, durably, and removes it: a disk that is nearly full takes a heartbeat's few bytes
 * and no meeting.
 * @throws Error of the file system
 */
export async function probeDisk(path: string): Promise<void> {
  const name = `${path}.probe`;
  const file = await open(name, "w", 0o600);
  try {
    await file.writeFile(Buffer.alloc(PROBE_BYTES));
    await file.sync();
  } finally {
    await file.close();
    await unlink(name);
  }
}
