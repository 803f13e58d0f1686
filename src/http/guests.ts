import type { Socket } from "node:net";

/** Sockets whose door does not know yet whose they are: so many at once from one address, and in all. */
export const guestLimits = { perAddress: 200, inAll: 500 };

/** Nobody's fault that can be told from here: whoever asks may try again in a moment. */
export class TooManyGuests extends Error {
  override readonly name = "TooManyGuests";
  readonly statusCode = 503;
}

/** Counts them from before the handshake to the moment they are let in, or gone. */
export class Guests {
  readonly #byAddress = new Map<string, number>();
  #inAll = 0;

  /**
   * @returns lets it in: it counts no more
   * @throws TooManyGuests
   */
  arrive(line: Socket, address: string): () => void {
    const fromHere = this.#byAddress.get(address) ?? 0;
    if (this.#inAll >= guestLimits.inAll || fromHere >= guestLimits.perAddress) throw new TooManyGuests(address);
    this.#count(address, 1);
    let isGuest = true;
    const letIn = () => {
      if (isGuest) this.#count(address, -1);
      isGuest = false;
    };
    line.once("close", letIn);
    return letIn;
  }

  #count(address: string, by: 1 | -1): void {
    this.#inAll += by;
    const fromHere = (this.#byAddress.get(address) ?? 0) + by;
    if (fromHere === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, fromHere);
  }
}
