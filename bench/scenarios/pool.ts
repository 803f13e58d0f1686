import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Figure } from "../figures.js";
import type { Seeded } from "../seed.js";
import { publicUrl, secretKey, type Server, startServer } from "../servers.js";
import { quantile } from "../turns.js";
import { ask, askV1, timed } from "./asking.js";
import { type ConferenceServer, startConferenceServer } from "./conference-server.js";
import { found, type Setting } from "./setting.js";

const SERVERS = 4;
const AT_ONCE = 200;
const ANSWER_WITHIN_MS = 60_000;
/** Started one after the other before: by then its code has run. */
const WARMING = 40;

const cli = fileURLToPath(new URL("../../cli.js", import.meta.url));

/** The operator's tool on the server's own database. */
async function vconnct(databaseUrl: string, args: readonly string[], secret = ""): Promise<string> {
  const own = { DATABASE_URL: databaseUrl, SECRET_KEY: secretKey, PUBLIC_URL: publicUrl, OF_SERVER: secret };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { env: { ...process.env, ...own } });
  return stdout;
}

interface Ready {
  engines?: { answers: boolean | null }[];
}

async function allAnswer(server: Server): Promise<void> {
  const until = performance.now() + ANSWER_WITHIN_MS;
  while (performance.now() < until) {
    const { engines = [] } = JSON.parse(await ask(server, "/health/ready", {})) as Ready;
    if (engines.filter(({ answers }) => answers).length === SERVERS) return;
    await sleep(100);
  }
  throw new Error(`not all ${SERVERS} conference servers answer`);
}

const start = (server: Server, { starterKey }: Seeded, meetingId: string) =>
  askV1(server, starterKey, "start_meeting/", { meeting_id: meetingId, moderator_name: "Teacher" });

/** @returns how many rooms each of the servers has */
async function roomsOf(databaseUrl: string): Promise<number[]> {
  const engines = JSON.parse(await vconnct(databaseUrl, ["engine", "list", "--json"])) as {
    from: string;
    rooms: number;
  }[];
  return engines.filter(({ from }) => from === "table").map(({ rooms }) => rooms);
}

async function measure(server: Server, seeded: Seeded, databaseUrl: string, servers: readonly ConferenceServer[]) {
  for (const [number, { url, secret }] of servers.entries()) {
    const args = ["engine", "add", `bbb-${number}`, "--kind", "bigbluebutton", "--url", url];
    await vconnct(databaseUrl, [...args, "--secret-env", "OF_SERVER"], secret);
  }
  await allAnswer(server);
  const ids = seeded.idleIds.slice(0, WARMING + AT_ONCE);
  for (const id of ids.slice(0, WARMING)) await start(server, seeded, id);
  const before = await server.ask("watch");
  const took = await Promise.all(ids.slice(WARMING).map((id) => timed(() => start(server, seeded, id))));
  const { late, latest, cpu } = await server.ask();
  return { took, late, latest, cpu: cpu - before.cpu, rooms: await roomsOf(databaseUrl) };
}

/** Two hundred sessions start at once on a pool of four conference servers. */
export async function measurePool({ starting, seeded }: Setting): Promise<Figure[]> {
  const server = await startServer("gateway", starting);
  const servers = await Promise.all(Array.from({ length: SERVERS }, startConferenceServer));
  try {
    const databaseUrl = `file:${server.file}`;
    const { took, late, latest, cpu, rooms } = await measure(server, seeded, databaseUrl, servers);
    const of = found("pool");
    return [
      of("starts at once", took.length),
      of("a start, p99 ms", quantile(took, 0.99)),
      of("a start, median ms", quantile(took, 0.5)),
      of("loop's delay, p99.9 ms", late),
      of("loop's delay, most ms", latest, "< 50"),
      of("CPU of the server for all of it, s", cpu / 1e6),
      of("rooms of the fullest server more than of the emptiest", Math.max(...rooms) - Math.min(...rooms), "0"),
    ];
  } finally {
    for (const each of servers) each.stop();
    await server.stop();
  }
}
