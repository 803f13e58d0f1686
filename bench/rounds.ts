import type { PeerName } from "./peers.js";
import { refusedAt } from "./same.js";
import { type Server, startServer, type StartOptions } from "./servers.js";
import { type Row, rowOf } from "./table.js";
import { type Pace, takeTurn, type Turn, warmUp } from "./turns.js";
import type { Work } from "./works/work.js";

export interface RoundOptions extends Pace, StartOptions {
  /** Tells whoever waits how far it is. */
  say(line: string): void;
  /** Is told whose answer is another one than ours, and how. Without its base a work is not measured. */
  refuse(why: string): void;
}

/** All servers take turns at one work, in another order each round, so that none is always the one after a pause. */
async function runWork(servers: readonly Server[], work: Work, pace: Pace): Promise<Row[]> {
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
  return servers.map((server) => {
    const goal = work.goals?.[server.name];
    const of = { work: work.name, size: work.size, server: server.name, ...(goal && { goal }) };
    return rowOf(of, turns.get(server) ?? [], base);
  });
}

/** Servers as they are needed, each started once. */
function openPool(options: StartOptions) {
  const started = new Map<PeerName, Server>();
  return {
    async get(name: PeerName): Promise<Server> {
      const server = started.get(name) ?? (await startServer(name, options));
      started.set(name, server);
      return server;
    },
    stop: () => Promise.all([...started.values()].map((server) => server.stop())),
  };
}

/** @returns no row where there is no round: then answers are compared and nothing is measured */
export async function runWorks(works: readonly Work[], options: RoundOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const pool = openPool(options);
  try {
    for (const work of works) {
      options.say(`${[work.name, work.size].filter(Boolean).join(", ")}: ${work.servers.join(", ")}`);
      const servers: Server[] = [];
      for (const name of work.servers) servers.push(await pool.get(name));
      const refused = await refusedAt(servers, work);
      for (const { why } of refused) options.refuse(why);
      const same = servers.filter((server) => !refused.some((each) => each.server === server));
      if (options.rounds > 0 && same[0] === servers[0]) rows.push(...(await runWork(same, work, options)));
    }
  } finally {
    await pool.stop();
  }
  return rows;
}
