import type { PeerName } from "./peers.js";
import type { StartOptions } from "./servers.js";
import { startServer } from "./servers.js";
import { quantile, takeTurn } from "./turns.js";
import { format } from "./table.js";
import type { Work } from "./works/work.js";

/** How a server stands: what it takes to start, and what it holds after load. */
export interface Standing {
  work: "start" | "memory";
  server: PeerName;
  what: string;
  median: number;
  lower: number;
  upper: number;
}

export const standingWorks = ["start", "memory"] as const;

const servers = ["gateway", "bare"] as const;
/** The smallest configuration: operators that have a manifest of operations start later by what it takes to read it. */
const plain = { TRUSTED_DOCUMENTS: "" };
const MIB = 1024 * 1024;

function standing(of: Pick<Standing, "work" | "server" | "what">, values: readonly number[]): Standing {
  return { ...of, median: quantile(values, 0.5), lower: quantile(values, 0.25), upper: quantile(values, 0.75) };
}

/** From the start of the process to its first answer, in milliseconds; the database is there already. */
export async function measureStart(options: StartOptions, rounds: number): Promise<Standing[]> {
  const found = new Map(servers.map((server) => [server, [] as { ms: number; cpu: number }[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of servers) {
      const server = await startServer(name, { ...options, env: plain });
      found.get(name)?.push({ ms: server.startedInMs, cpu: (await server.ask()).cpu / 1000 });
      await server.stop();
    }
  }
  return servers.flatMap((server) => {
    const all = found.get(server) ?? [];
    const of = { work: "start", server } as const;
    return [
      standing(
        { ...of, what: "to the first answer, ms" },
        all.map(({ ms }) => ms),
      ),
      standing(
        { ...of, what: "to the first answer, ms of CPU" },
        all.map(({ cpu }) => cpu),
      ),
    ];
  });
}

const LOADED_WITH = 500;

/** What is resident after each of these works was done some hundred times, in MiB. */
export async function measureMemory(options: StartOptions, works: readonly Work[]): Promise<Standing[]> {
  const found: Standing[] = [];
  for (const name of servers) {
    const server = await startServer(name, { ...options, env: plain });
    const asked = works.filter((work) => name === "bare" || work.servers.includes(name));
    for (const work of asked) await takeTurn(server, name === "bare" ? { ...work, ask } : work, LOADED_WITH);
    const { rss, peak } = await server.ask();
    const of = { work: "memory", server: name } as const;
    found.push(standing({ ...of, what: "resident after load, MiB" }, [rss / MIB]));
    found.push(standing({ ...of, what: "resident at most, MiB" }, [peak / MIB]));
    await server.stop();
  }
  return found;
}

const ask: Work["ask"] = () => ({ method: "GET", path: "/health/live", headers: {} });

/** As Markdown. */
export const standingTable = (rows: readonly Standing[]): string =>
  format(
    ["work", "server", "what", "median", "quartiles"],
    rows.map(({ work, server, what, median, lower, upper }) => [
      work,
      server,
      what,
      median.toFixed(0),
      `${lower.toFixed(0)}–${upper.toFixed(0)}`,
    ]),
    3,
  );
