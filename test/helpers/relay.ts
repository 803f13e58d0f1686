import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface Relay {
  url: string;
  /** Nothing more is said on what is open, in either direction, without closing it. */
  silence(): void;
  /** What is open breaks, and so does whatever is tried from now on. */
  cut(): void;
  mend(): void;
}

/** A line on the way to a server that can go bad. */
export async function openRelay(to: () => string): Promise<Relay> {
  const pairs = new Set<[Socket, Socket]>();
  let isCut = false;
  const breakAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const { hostname, port } = new URL(to());
    const far = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const [socket, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      socket.on("error", () => {});
      // Also where nobody listens there: whoever asked is told, and does not wait until it loses patience.
      socket.on("close", () => {
        pairs.delete(pair);
        other.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    breakAll();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        for (const socket of [near, far]) socket.resume().removeAllListeners("close");
      }
    },
    cut() {
      isCut = true;
      breakAll();
    },
    mend() {
      isCut = false;
    },
  };
}
