import type { PeerName } from "./peers.js";
import { demandSame } from "./same.js";
import { type Server, startServer } from "./servers.js";
import { type Row, rowOf } from "./table.js";
import { type Pace, takeTurn, type Turn, warmUp } from "./turns.js";
import type { Work } from "./works/work.js";

export interface RoundOptions extends Pace {
  /** The seeded database, and where the copies of it lie. */
  seed: string;
  folder: string;
  /** Tells whoever waits how far it is. */
  say(line: string): void;
}

/** All servers take turns at one work, in another order each round, so that none is always the one after a pause. */
async function runWork(servers: readonly Server[], work: Work, pace: Pace): Promise<Row[]> {
  await demandSame(servers, work);
  const amounts = new Map<Server, number>();
  for (const server of servers) amounts.set(server, await warmUp(server, work, pace));
  const turns = new Map<Server, Turn[]>(servers.map((server) => [server, []]));
  for (let round = 0; round < pace.rounds; round += 1) {
    const shift = round % servers.length;
    for (const server of [...servers.slice(shift), ...servers.slice(0, shift)]) {
      turns.get(server)?.push(await takeTurn(server, work, amounts.get(server) ?? 0));
    }
  }
  const base = turns.get(servers[0] as Server) ?? [];
  return servers.map((server) =>
    rowOf({ work: work.name, size: work.size, server: server.name }, turns.get(server) ?? [], base),
  );
}

/** Works with the same servers have them started once. */
function groupsOf(works: readonly Work[]): Work[][] {
  const groups = new Map<string, Work[]>();
  for (const work of works) {
    const name = work.servers.join();
    groups.set(name, [...(groups.get(name) ?? []), work]);
  }
  return [...groups.values()];
}

export async function runWorks(works: readonly Work[], options: RoundOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const group of groupsOf(works)) {
    const names: readonly PeerName[] = group[0]?.servers ?? [];
    const servers: Server[] = [];
    try {
      for (const name of names) servers.push(await startServer(name, options));
      for (const work of group) {
        options.say(`${[work.name, work.size].filter(Boolean).join(", ")}: ${names.join(", ")}`);
        rows.push(...(await runWork(servers, work, options)));
      }
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }
  return rows;
}
