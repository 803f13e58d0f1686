import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PieceFile } from "./piece-file.js";

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** What is known of a session's parts while they come. */
export interface RawAbout {
  licenseId: string;
  parts: { id: string; startedAt: string }[];
  /** How often it was begun to make a recording of them. */
  attempts: number;
}

/** A stretch of the recording, and when it was: what was written at the same time is placed by it. */
export interface Stretch {
  startedAt: string;
  offsetSeconds: number;
  seconds: number;
}

export interface DoneAbout {
  licenseId: string;
  /** The part of its address that nobody can guess. */
  key: string;
  isPublished: boolean;
  /** null: of what came no recording could be made. */
  bytes: number | null;
  seconds: number;
  stretches: Stretch[];
}

/** Ids become names of files: nothing else may. */
export const isId = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text);

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** There whole, or as it was before. */
async function writeJson(path: string, value: unknown): Promise<void> {
  const file = await open(`${path}.new`, "w", OWNER_ONLY);
  try {
    await file.writeFile(JSON.stringify(value));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

const namesIn = async (folder: string): Promise<string[]> =>
  (
    await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    })
  ).filter(isId);

/** All files of a folder, which has no folders in it but one that is being made. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const RAW = "about.json";
const DONE = "recording.json";
const MEDIA = "recording.webm";

/**
 * Where recordings lie, by their sessions: `raw/` what comes, `done/` what was made of it. Folders and files are their
 * owner's only.
 */
export class RecordingFolder {
  constructor(readonly path: string) {}

  #raw(sessionId: string): string {
    if (!isId(sessionId)) throw new Error("not the id of a session");
    return join(this.path, "raw", sessionId);
  }

  #done(sessionId: string): string {
    if (!isId(sessionId)) throw new Error("not the id of a session");
    return join(this.path, "done", sessionId);
  }

  rawSessions(): Promise<string[]> {
    return namesIn(join(this.path, "raw"));
  }

  doneSessions(): Promise<string[]> {
    return namesIn(join(this.path, "done"));
  }

  rawAbout(sessionId: string): Promise<RawAbout | undefined> {
    return readJson(join(this.#raw(sessionId), RAW));
  }

  async writeRaw(sessionId: string, about: RawAbout): Promise<void> {
    await mkdir(this.#raw(sessionId), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await writeJson(join(this.#raw(sessionId), RAW), about);
  }

  part(sessionId: string, partId: string): PieceFile {
    if (!isId(partId)) throw new Error("not the id of a part");
    return new PieceFile(join(this.#raw(sessionId), partId));
  }

  /** Where a recording is made, before it is moved to those that are done. */
  async beginDone(sessionId: string): Promise<{ folder: string; media: string }> {
    const folder = join(this.#raw(sessionId), "done");
    await rm(folder, { recursive: true, force: true });
    const media = join(folder, MEDIA);
    await this.#orDrop(folder, async () => {
      await mkdir(folder, { mode: OWNER_ONLY_FOLDER });
      await (await open(media, "w", OWNER_ONLY)).close();
    });
    return { folder, media };
  }

  async #orDrop(folder: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.dropDone(folder);
      throw error;
    }
  }

  /** What was half made holds no room. @param folder what `beginDone` gave */
  dropDone(folder: string): Promise<void> {
    return rm(folder, { recursive: true, force: true });
  }

  /** @param folder what `beginDone` gave, with all that belongs there; dropped where it could not be settled */
  async settleDone(sessionId: string, folder: string, about: DoneAbout): Promise<void> {
    await this.#orDrop(folder, async () => {
      await writeJson(join(folder, DONE), about);
      await mkdir(join(this.path, "done"), { recursive: true, mode: OWNER_ONLY_FOLDER });
      await rename(folder, this.#done(sessionId));
    });
  }

  /** Nothing could be made of it: all that came stays, for whoever runs the server. */
  async settleFailed(sessionId: string, about: DoneAbout): Promise<void> {
    await writeJson(join(this.#raw(sessionId), DONE), about);
    await mkdir(join(this.path, "done"), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await rename(this.#raw(sessionId), this.#done(sessionId));
  }

  doneAbout(sessionId: string): Promise<DoneAbout | undefined> {
    return readJson(join(this.#done(sessionId), DONE));
  }

  writeDone(sessionId: string, about: DoneAbout): Promise<void> {
    return writeJson(join(this.#done(sessionId), DONE), about);
  }

  media(sessionId: string): string {
    return join(this.#done(sessionId), MEDIA);
  }

  removeRaw(sessionId: string): Promise<void> {
    return rm(this.#raw(sessionId), { recursive: true, force: true });
  }

  /** What came and what was made of it. */
  async remove(sessionId: string): Promise<void> {
    await rm(this.#done(sessionId), { recursive: true, force: true });
    await this.removeRaw(sessionId);
  }

  /** Of one session, all its files. */
  async bytesOf(sessionId: string): Promise<number> {
    return (await bytesIn(this.#raw(sessionId))) + (await bytesIn(this.#done(sessionId)));
  }

  /** In bytes, of the disk. The folder is made by the first that is recorded; until then it is asked where it will be. */
  async free(path = this.path): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      if (!isMissing || dirname(path) === path) throw error;
      return this.free(dirname(path));
    }
  }
}
