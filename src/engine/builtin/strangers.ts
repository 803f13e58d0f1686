/** Sockets of one address that have not shown a link: so many at once. Who has a link shows it with the first frame. */
export const MOST_STRANGERS = 20;

/** Counts by address who has not shown a link of ours yet. */
export class Strangers {
  readonly #byAddress = new Map<string, number>();

  /** @returns lets it in: it counts no more. undefined where there are too many of this address */
  arrive(address: string): (() => void) | undefined {
    const before = this.#byAddress.get(address) ?? 0;
    if (before >= MOST_STRANGERS) return undefined;
    this.#byAddress.set(address, before + 1);
    let isStranger = true;
    return () => {
      if (isStranger) this.#leave(address);
      isStranger = false;
    };
  }

  #leave(address: string): void {
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, left);
  }
}
