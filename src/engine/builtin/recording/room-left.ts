import { StorageFull } from "./piece-file.js";
import type { RecordingFolder } from "./recording-folder.js";

/** What was counted is counted anew after so long: another server may work on the same folder. */
const COUNTED_MS = 10 * 60 * 1000;

export interface RoomWanted {
  /** All recordings of one license together, raw ones too. */
  mostBytesPerLicense: number;
  /** What the disk must have left, for all else that is on it. */
  freeBytes: number;
}

/** How much room there is for recordings: on the disk, and for each license. */
export class RoomLeft {
  readonly #used = new Map<string, number>();
  #counting: Promise<void> | undefined;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly folder: RecordingFolder,
    readonly wanted: RoomWanted,
    readonly monotonic: () => number,
  ) {}

  async #count(): Promise<void> {
    const used = new Map<string, number>();
    const { folder } = this;
    const all = new Set([...(await folder.rawSessions()), ...(await folder.doneSessions())]);
    for (const sessionId of all) {
      const about = (await folder.rawAbout(sessionId)) ?? (await folder.doneAbout(sessionId));
      if (!about) continue;
      used.set(about.licenseId, (used.get(about.licenseId) ?? 0) + (await folder.bytesOf(sessionId)));
    }
    this.#used.clear();
    for (const [licenseId, bytes] of used) this.#used.set(licenseId, bytes);
    this.#countedAt = this.monotonic();
  }

  /** The first time all files are looked at; afterwards what comes is added. */
  async #known(): Promise<void> {
    if (this.monotonic() - this.#countedAt < COUNTED_MS) return;
    this.#counting ??= this.#count().finally(() => (this.#counting = undefined));
    await this.#counting;
  }

  /** @throws StorageFull where there is no room for so many more bytes */
  async demand(licenseId: string, bytes: number): Promise<void> {
    await this.#known();
    if ((this.#used.get(licenseId) ?? 0) + bytes > this.wanted.mostBytesPerLicense) {
      throw new StorageFull("the license has no room for recordings left");
    }
    if ((await this.folder.free()) - bytes < this.wanted.freeBytes) throw new StorageFull("the disk is nearly full");
  }

  added(licenseId: string, bytes: number): void {
    this.#used.set(licenseId, (this.#used.get(licenseId) ?? 0) + bytes);
  }

  /** Something went: it is counted anew when it is asked for next. */
  changed(): void {
    this.#countedAt = Number.NEGATIVE_INFINITY;
  }
}
