import { type Figure, figureOf } from "../figures.js";
import { type StartOptions, startServer } from "../servers.js";
import { takeTurn } from "../turns.js";
import type { Work } from "../works/work.js";

// How a server stands: what it takes to start, and what it holds after load.

const servers = ["gateway", "bare"] as const;
/** The smallest configuration: operators that have a manifest of operations start later by what it takes to read it. */
const plain = { TRUSTED_DOCUMENTS: "" };
const MIB = 1024 * 1024;
const START_GOAL = "< 800";
const MEMORY_GOAL = "< 140";

/** From the start of the process to its first answer, in milliseconds; the database is there already. */
export async function measureStart(options: StartOptions, rounds: number): Promise<Figure[]> {
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
    const goal = server === "gateway" ? { goal: START_GOAL } : {};
    const of = { work: "start", server, ...goal } as const;
    return [
      figureOf(
        { ...of, what: "to the first answer, ms" },
        all.map(({ ms }) => ms),
      ),
      figureOf(
        { work: "start", server, what: "to the first answer, ms of CPU" },
        all.map(({ cpu }) => cpu),
      ),
    ];
  });
}

const LOADED_WITH = 500;

const live: Work["ask"] = () => ({ method: "GET", path: "/health/live", headers: {} });

/** What is resident after each of these works was done some hundred times. */
export async function measureMemory(options: StartOptions, works: readonly Work[]): Promise<Figure[]> {
  const found: Figure[] = [];
  for (const server of servers) {
    const running = await startServer(server, { ...options, env: plain });
    const isBare = server === "bare";
    const asked = works.filter((work) => isBare || work.servers.includes(server));
    for (const work of asked) await takeTurn(running, isBare ? { ...work, ask: live } : work, LOADED_WITH);
    const { rss, peak } = await running.ask();
    await running.stop();
    const goal = isBare ? {} : { goal: MEMORY_GOAL };
    found.push(
      figureOf({ work: "memory", server, what: "resident after load, MiB", ...goal }, [rss / MIB]),
      figureOf({ work: "memory", server, what: "resident at most, MiB" }, [peak / MIB]),
    );
  }
  return found;
}
