import { LRUCache } from "lru-cache";
import type { License, LicenseId, Storage } from "../../storage/index.js";
import type { Caller } from "../caller.js";

/** Who was let in. The same objects for as long as nothing of that license has changed. */
export type LetIn = Pick<Caller, "license" | "reach" | "grant"> & {
  /** When what it came with is over by itself. */
  until?: Date;
};

/** Keys and tokens that are remembered; of more, the one not seen for longest is looked up anew. */
const MOST_KNOWN = 10_000;
/** Growing with what is in it: one that is told its `max` makes all its places at once, at each start. */
const growing = { maxSize: MOST_KNOWN, sizeCalculation: () => 1 };
/** Instead of a version. */
const CHANGED = -1;

/**
 * Who was let in by which key or token, so that the next call need not read it anew: kept for as long as neither this
 * process nor another one has changed that license. By hashes, because what lets somebody in lies nowhere; and never
 * who was refused, because there is no end of those.
 */
export class KnownCallers {
  readonly #storage: Pick<Storage, "untoldElsewhere">;
  readonly #callers = new LRUCache<string, LetIn>(growing);
  /** Of the licenses of those; one that changed is `CHANGED` until it is read again. */
  readonly #versions = new LRUCache<LicenseId, number>(growing);
  /** What other processes may have committed that was not heard of. */
  #elsewhere: number;
  /** Commits that were heard of, and changed some license. */
  #commits = 0;

  constructor(storage: Pick<Storage, "untoldElsewhere" | "onCommit" | "onCommitElsewhere">) {
    this.#storage = storage;
    this.#elsewhere = storage.untoldElsewhere();
    storage.onCommit((changed, rows) => {
      this.#changed(changed);
      for (const license of rows?.values() ?? []) this.#isNow(license);
    });
    storage.onCommitElsewhere((license) => this.#changed(new Set([license])));
  }

  #changed(licenses: ReadonlySet<LicenseId>): void {
    if (licenses.size > 0) this.#commits += 1;
    for (const license of licenses) if (this.#versions.has(license)) this.#versions.set(license, CHANGED);
  }

  /** Whoever showed its key need not be read for what this process itself has written. */
  #isNow(license: License): void {
    const known = this.#callers.peek(license.keyHash);
    if (known?.license.id !== license.id) return;
    this.#callers.set(license.keyHash, { ...known, license });
    this.#versions.set(license.id, license.version);
  }

  /** undefined: whoever it is must be read. @throws StorageUnavailable where that would be refused */
  recall(hash: string): LetIn | undefined {
    const elsewhere = this.#storage.untoldElsewhere();
    if (elsewhere !== this.#elsewhere) {
      this.#elsewhere = elsewhere;
      this.#callers.clear();
      return undefined;
    }
    const caller = this.#callers.get(hash);
    return caller && this.#versions.get(caller.license.id) === caller.license.version ? caller : undefined;
  }

  /** Reads who it is; remembered unless something was committed meanwhile. Call it right after `recall`. */
  async read<Denied extends { denied: string }>(
    hash: string,
    read: () => Promise<LetIn | Denied>,
  ): Promise<LetIn | Denied> {
    const commits = this.#commits;
    const elsewhere = this.#elsewhere;
    const found = await read();
    if ("denied" in found || commits !== this.#commits || elsewhere !== this.#elsewhere) return found;
    this.#callers.set(hash, found);
    this.#versions.set(found.license.id, found.license.version);
    return found;
  }
}
