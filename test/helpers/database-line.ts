import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface DatabaseLine {
  /** The database's address by way of this line. */
  url: string;
  /** Whatever listens to notices hears nothing more from now on, and nobody tells it that. */
  deafen(): void;
  /**
   * The connection over which the database is told this next breaks before it answers; from then on nothing is heard on
   * new ones, and each breaks after so many milliseconds.
   */
  swallowFrom(word: string, breaksAfterMs: number): void;
}

interface LineOptions {
  /** How late the database's words arrive, in their order. */
  lateMs?: number;
  /** Hears what the database is told, and over which of its connections. */
  heard?: (connection: object, data: Buffer) => void;
  /** Hears, when an answer arrives, over which. */
  answered?: (connection: object) => void;
}

/** A network between a server and its database. */
export async function openDatabaseLine(
  to: string,
  { lateMs = 0, heard = () => {}, answered = () => {} }: LineOptions = {},
): Promise<DatabaseLine> {
  const { hostname, port } = new URL(to);
  const listening = new Set<Socket>();
  const open = new Set<Socket>();
  let isDeaf = false;
  let swallowing: { word: string; breaksAfterMs: number; hasBegun: boolean } | undefined;
  const server = createServer((near) => {
    if (swallowing?.hasBegun) {
      setTimeout(() => near.destroy(), swallowing.breaksAfterMs).unref();
      return void open.add(near.on("error", () => {}).resume());
    }
    const far = connect(Number(port), hostname);
    near.on("data", (data: Buffer) => {
      heard(near, data);
      if (data.includes("LISTEN vconnct")) listening.add(near);
      if (!isDeaf || !listening.has(near)) far.write(data);
      if (swallowing && !swallowing.hasBegun && data.includes(swallowing.word)) {
        swallowing.hasBegun = true;
        near.destroy();
      }
    });
    far.on("data", (data) => {
      setTimeout(() => {
        if (isDeaf && listening.has(near)) return;
        answered(near);
        near.write(data);
      }, lateMs);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one.setNoDelay());
      one.on("error", () => {});
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const url = new URL(to);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    deafen() {
      isDeaf = true;
    },
    swallowFrom(word, breaksAfterMs) {
      swallowing = { word, breaksAfterMs, hasBegun: false };
    },
  };
}
