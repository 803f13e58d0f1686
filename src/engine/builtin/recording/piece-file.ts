import { constants, open, readFile, truncate } from "node:fs/promises";

/** No more room for recordings: the disk's, or the license's. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
}

const OWNER_ONLY = 0o600;
const noRoom = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

export const isNoRoom = (error: unknown): boolean => noRoom.has((error as NodeJS.ErrnoException).code ?? "");

/** How far a part has come. */
export interface Progress {
  /** The number of the first piece that is not there. */
  next: number;
  bytes: number;
  /** Its last piece is there. */
  isWhole: boolean;
  /** How long the list is, as far as it counts. */
  listBytes: number;
}

const WHOLE = "whole";

/** A line of which the end is missing was never acknowledged. */
function progressOf(list: string): Progress {
  const listBytes = list.lastIndexOf("\n") + 1;
  const lines = list.slice(0, listBytes).split("\n").slice(0, -1);
  const ends = lines.filter((line) => line !== WHOLE);
  return { next: ends.length, bytes: Number(ends.at(-1) ?? 0), isWhole: lines.includes(WHOLE), listBytes };
}

/** On the disk when it is answered; a file that ended elsewhere ends with it. */
async function writeAt(path: string, bytes: Uint8Array, position: number): Promise<void> {
  const file = await open(path, constants.O_CREAT | constants.O_WRONLY, OWNER_ONLY);
  try {
    await file.truncate(position);
    // A disk that is nearly full takes a part of it first, and fails at the rest.
    for (let at = 0; at < bytes.byteLength; ) {
      at += (await file.write(bytes, at, bytes.byteLength - at, position + at)).bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

/**
 * One part as it comes: its pieces one after the other in a file, and beside it a list of where each of them ends. A piece
 * is there once its line is: what a server that was killed had begun to write is written over by the next.
 */
export class PieceFile {
  /** @param path without an ending */
  constructor(readonly path: string) {}

  get media(): string {
    return `${this.path}.webm`;
  }

  async progress(): Promise<Progress> {
    const list = await readFile(`${this.path}.pieces`, "latin1").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    return progressOf(list);
  }

  /**
   * Appends a piece, on the disk when it is answered.
   * @param before how far it has come; one call at a time
   * @throws StorageFull, and then nothing has changed
   */
  async append(bytes: Uint8Array, isLast: boolean, before: Progress): Promise<Progress> {
    const end = before.bytes + bytes.byteLength;
    const line = Buffer.from(isLast ? `${end}\n${WHOLE}\n` : `${end}\n`);
    try {
      await writeAt(this.media, bytes, before.bytes);
      await writeAt(`${this.path}.pieces`, line, before.listBytes);
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      await truncate(this.media, before.bytes).catch(() => {});
      await truncate(`${this.path}.pieces`, before.listBytes).catch(() => {});
      throw new StorageFull("no room on the disk", { cause: error });
    }
    return { next: before.next + 1, bytes: end, isWhole: isLast, listBytes: before.listBytes + line.byteLength };
  }

  /** Cuts off what was never acknowledged. */
  async settle(): Promise<Progress> {
    const progress = await this.progress();
    if (progress.bytes > 0) await truncate(this.media, progress.bytes);
    return progress;
  }
}
