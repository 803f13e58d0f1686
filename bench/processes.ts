import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";

/** A port of this machine that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export interface Stat {
  name: string;
  parent: number;
  /** Ticks of its own CPU, and of its children that have ended. */
  own: number;
  ended: number;
}

export const TICK_US = 10_000;

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; undefined where there is no such process any more. */
export function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = text.lastIndexOf(")");
    const fields = text.slice(end + 2).split(" ");
    const ticks = (first: number) => Number(fields[first]) + Number(fields[first + 1]);
    return {
      name: text.slice(text.indexOf("(") + 1, end),
      parent: Number(fields[1]),
      own: ticks(11),
      ended: ticks(13),
    };
  } catch {
    return undefined;
  }
}
