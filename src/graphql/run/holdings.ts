import type { Caller } from "../../domain/caller.js";
import { alone, type Sharing, shareOf } from "../../minute.js";

/**
 * Lines (sockets and streams of events) and subscriptions that may be held open at once, where the operator says nothing.
 * By `SOCKETS_PER_LICENSE` the lines of all tokens together are set, and what is a license's goes up and down with them.
 */
export const holdLimits = {
  lines: { key: 200, tokens: 2_000, token: 20 },
  subscriptions: { key: 1_000, tokens: 2_000, token: 50 },
};

const NORMAL_SOCKETS = holdLimits.lines.tokens;

export type Held = keyof typeof holdLimits;

type Holder = Pick<Caller, "license" | "grant">;

/** No more of this caller's may be held. */
export class TooManyHeld extends Error {
  override readonly name = "TooManyHeld";
  constructor(
    readonly what: Held,
    readonly limit: number,
  ) {
    super(what);
  }
}

/** As with points: what tokens hold takes nothing from the key, and one token is not all of them. */
const sharesOf = (what: Held, { license, grant }: Holder, part: number) => {
  const { key, tokens, token } = holdLimits[what];
  if (!grant) return [{ id: `${what} ${license.id}`, limit: Math.ceil(key * part) }];
  return [
    { id: `${what} ${grant.tokenId}`, limit: token },
    { id: `${what} of tokens ${license.id}`, limit: Math.ceil(tokens * part) },
  ];
};

/** Counts what is held open, by whose it is. */
export class Holdings {
  readonly #held = new Map<string, number>();
  /** Of what a license may hold where the operator says nothing. */
  readonly #part: number;

  /** @param socketsPerLicense lines of all tokens of a license */
  constructor(
    socketsPerLicense = NORMAL_SOCKETS,
    readonly among: Sharing = alone,
  ) {
    this.#part = socketsPerLicense / NORMAL_SOCKETS;
  }

  /**
   * @returns gives it back, once
   * @throws TooManyHeld
   */
  take(what: Held, holder: Holder): () => void {
    const shares = sharesOf(what, holder, this.#part).map(({ id, limit }) => ({
      id,
      limit: shareOf(limit, this.among),
    }));
    for (const { id, limit } of shares) if (this.#of(id) >= limit) throw new TooManyHeld(what, limit);
    for (const { id } of shares) this.#held.set(id, this.#of(id) + 1);
    let isHeld = true;
    return () => {
      if (isHeld) for (const { id } of shares) this.#giveBack(id);
      isHeld = false;
    };
  }

  #of(id: string): number {
    return this.#held.get(id) ?? 0;
  }

  #giveBack(id: string): void {
    const left = this.#of(id) - 1;
    if (left > 0) this.#held.set(id, left);
    else this.#held.delete(id);
  }
}
