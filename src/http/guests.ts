import type { IncomingMessage } from "node:http";

/** Sockets whose door does not know yet whose they are: so many at once from one address, and in all. */
export const guestLimits = { perAddress: 200, inAll: 500 };

/** Nobody's fault that can be told from here: whoever asks may try again in a moment. */
export class TooManyGuests extends Error {
  override readonly name = "TooManyGuests";
  readonly statusCode = 503;
}

/** Counts them from the refusals' hook to the moment they are let in, or gone. */
export class Guests {
  readonly #inside = new WeakSet<IncomingMessage>();
  readonly #byAddress = new Map<string, number>();
  #inAll = 0;

  has(request: IncomingMessage): boolean {
    return this.#inside.has(request);
  }

  /**
   * @returns lets it in: it counts no more
   * @throws TooManyGuests
   */
  arrive(request: IncomingMessage, address: string): () => void {
    const fromHere = this.#byAddress.get(address) ?? 0;
    if (this.#inAll >= guestLimits.inAll || fromHere >= guestLimits.perAddress) throw new TooManyGuests(address);
    this.#inside.add(request);
    this.#count(address, 1);
    const letIn = () => {
      if (!this.#inside.delete(request)) return;
      this.#count(address, -1);
    };
    request.socket.once("close", letIn);
    return letIn;
  }

  #count(address: string, by: 1 | -1): void {
    this.#inAll += by;
    const fromHere = (this.#byAddress.get(address) ?? 0) + by;
    if (fromHere === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, fromHere);
  }
}
