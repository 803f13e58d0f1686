import { bytesOf, callAll } from "./load.js";
import type { Server } from "./servers.js";
import type { Carried, Work } from "./works/work.js";

/** One server's turn at a work. */
export interface Turn {
  requests: number;
  perSecond: number;
  /** Milliseconds within which 99 of 100 were answered. */
  p99: number;
  /** Microseconds of the servers' CPU a request; and of the database's processes, where it has its own. */
  cpu: number;
  databaseCpu: number;
  /** And of the proxy in front, where there is one. */
  proxyCpu: number;
}

export interface Pace {
  rounds: number;
  /** Milliseconds of CPU that a server uses in a turn, about: what else runs on the machine makes it no shorter. */
  turnMs: number;
}

const CONNECTIONS = 32;
/** Requests a turn, however slow they are: each connection has a few. */
const FEWEST = 64;

/** The value below which this part of them lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}

/** How far each server is in a work whose requests are all different; the first compares the answers. */
const used = new Map<string, number>();

/** The number of its next request; each is made once. @throws Error when there are none left */
function nextOf(server: Server, work: Work): () => number {
  const name = `${server.url} ${work.name} ${work.size}`;
  return () => {
    const number = used.get(name) ?? 1;
    used.set(name, number + 1);
    if (work.different !== undefined && number >= work.different) throw new Error(`${work.name}: no request is left`);
    return number;
  };
}

/** Makes so many requests, all connections at once. @throws Error unless each is answered with success */
export async function takeTurn(server: Server, work: Work, requests: number): Promise<Turn> {
  const next = nextOf(server, work);
  const { host } = new URL(server.url);
  const asked = (number: number) => bytesOf(work.ask(number, server.name), host);
  const first = asked(0);
  const load = {
    urls: server.urls,
    connections: work.connections ?? CONNECTIONS,
    amount: requests,
    next: work.different === undefined ? () => first : () => asked(next()),
    isSameLength: work.different === undefined && work.ask(0, server.name).method === "GET",
  };
  const before = await server.ask();
  const databaseBefore = server.databaseCpu();
  const proxyBefore = server.proxyCpu();
  const begun = performance.now();
  const carried: Carried = await (work.carry?.(server) ?? callAll(load)).catch((cause: unknown) => {
    throw new Error(`${server.name} failed at ${work.name}`, { cause });
  });
  const { latencies, endedAt } = carried;
  const after = await server.ask();
  const databaseCpu = (server.databaseCpu() - databaseBefore) / latencies.length;
  const proxyCpu = (server.proxyCpu() - proxyBefore) / latencies.length;
  await carried.after?.();
  return {
    proxyCpu,
    databaseCpu,
    requests: latencies.length,
    perSecond: latencies.length / ((endedAt - begun) / 1000),
    p99: quantile(latencies, 0.99),
    cpu: (after.cpu - before.cpu) / latencies.length,
  };
}

/**
 * Milliseconds of CPU until a server is warm at a work; and at the first one of its address, where much of its code runs
 * for the first time: before that it is half as fast.
 */
const WARM_MS = 1_000;
const WARM_ADDRESS_MS = 4_000;

const warmAddresses = new Set<string>();

function warmthFor(server: Server, work: Work): number {
  const address = `${server.url}${work.ask(0, server.name).path}`.split("?")[0] ?? "";
  const isKnown = warmAddresses.has(address);
  warmAddresses.add(address);
  return (isKnown ? WARM_MS : WARM_ADDRESS_MS) * server.programs;
}

const MOST_WARM_TURNS = 4;

/** Lets a server get warm. @returns how many requests a turn of about so many milliseconds has */
export async function warmUp(server: Server, work: Work, { turnMs, rounds }: Pace): Promise<number> {
  const warmMs = warmthFor(server, work);
  const most = (work.different ?? Number.POSITIVE_INFINITY) / (rounds + MOST_WARM_TURNS + 1);
  const fitting = (ms: number, cpu: number) => Math.floor(Math.min(most, Math.max(FEWEST, (ms * 1000) / cpu)));
  let requests = FEWEST;
  let cpu = 0;
  for (let passed = 0, turn = 0; passed < warmMs && turn < MOST_WARM_TURNS; turn += 1) {
    cpu = (await takeTurn(server, work, requests)).cpu;
    passed += (requests * cpu) / 1000;
    // The longer half of what is left: it becomes faster on the way.
    requests = fitting(Math.max(turnMs, (warmMs - passed) * 0.7), cpu);
  }
  return work.amount ?? fitting(turnMs, cpu);
}
