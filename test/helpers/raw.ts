import { once } from "node:events";
import { connect } from "node:net";
import { onTestFinished } from "vitest";

/** A line to the server, byte by byte; gone with the test. */
export async function rawLine(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/[[\]]/g, ""), port: Number(port), allowHalfOpen: false });
  let received = "";
  let isClosed = false;
  socket.on("data", (data) => (received += data.toString("latin1")));
  socket.on("error", () => {});
  socket.on("close", () => (isClosed = true));
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");

  /** @throws Error when it takes more than 5 s */
  async function until<T>(look: () => T | undefined | false, what: string): Promise<T> {
    const deadline = Date.now() + 5_000;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}; came: ${received.slice(0, 2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  return {
    socket,
    received: () => received,
    write: (bytes: string | Buffer) => void socket.write(bytes),
    /** The statuses of this many answers, in the order they came. */
    statuses: (count: number) =>
      until(() => {
        const found = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
        return found.length >= count && found;
      }, `${count} answers`),
    until: (pattern: RegExp) => until(() => pattern.exec(received) ?? undefined, String(pattern)),
    /** Resolves when the server has closed its side. */
    closed: () => until(() => isClosed, "the close"),
  };
}

export interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request as it goes over the line. */
export function rawRequest(path: string, { method = "GET", headers = {}, body }: RawRequest = {}): string {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ host: "x", ...headers, ...length }).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
}
