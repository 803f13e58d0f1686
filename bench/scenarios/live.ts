import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "../figures.js";
import type { Seeded } from "../seed.js";
import { type Server, startServer } from "../servers.js";
import { quantile } from "../turns.js";
import { askV1 } from "./asking.js";
import { Follower } from "./follower.js";
import { found, type Setting } from "./setting.js";

const SOCKETS = 200;
const ON_EACH = 20;
/** What an operator would allow for so many: a license's key has a half of it for subscriptions, a tenth for sockets. */
const env = { SOCKETS_PER_LICENSE: "8000" };
/** Sockets that come at once; more that have not yet said whose they are would be refused. */
const AT_ONCE = 50;
const EVENTS = 20;
const PATIENCE_MS = 15_000;
const SETTLE_MS = 2_000;

/** @throws Error when the server does not take all of them */
async function follow(server: Server, key: string, heard: () => void): Promise<void> {
  const all: Follower[] = [];
  while (all.length < SOCKETS) {
    const followers = Array.from({ length: AT_ONCE }, () => new Follower(server.url, key, ON_EACH, heard));
    await Promise.all(followers.map((each) => each.follows));
    all.push(...followers);
  }
  await sleep(SETTLE_MS);
  const refused = all.reduce((sum, each) => sum + each.refused, 0);
  if (refused > 0) throw new Error(`${refused} subscriptions were refused`);
}

/** Starts a meeting. @returns how long each of all subscriptions waited for it, counted from before it was asked for */
async function deliver(server: Server, seeded: Seeded, number: number, arrivals: number[]): Promise<number[]> {
  arrivals.length = 0;
  const begun = performance.now();
  const body = { meeting_id: seeded.idleIds[number], moderator_name: "Mona" };
  await askV1(server, seeded.starterKey, "start_meeting/", body);
  const until = begun + PATIENCE_MS;
  while (arrivals.length < SOCKETS * ON_EACH && performance.now() < until) await sleep(5);
  return arrivals.map((at) => at - begun);
}

/** Four thousand subscriptions of one license, which hear of one meeting after the other. */
export async function measureLive({ starting, seeded, say }: Setting): Promise<Figure[]> {
  const server = await startServer("gateway", { ...starting, env });
  try {
    const arrivals: number[] = [];
    await follow(server, seeded.starterKey, () => arrivals.push(performance.now()));
    say(`${SOCKETS * ON_EACH} subscriptions`);
    const before = await server.ask("watch");
    const waited: number[] = [];
    for (let number = 0; number < EVENTS; number += 1)
      waited.push(...(await deliver(server, seeded, number, arrivals)));
    const after = await server.ask();
    const of = found("live");
    return [
      of("delivery, p99 ms", quantile(waited, 0.99), "< 500"),
      of("delivery, median ms", quantile(waited, 0.5)),
      of("CPU a delivery, ms", (after.cpu - before.cpu) / 1000 / waited.length, "< 0.1"),
      of("loop's delay, p99.9 ms", after.late, "< 50"),
      of("loop's delay, most ms", after.latest),
      of("events that did not come", SOCKETS * ON_EACH * EVENTS - waited.length, "0"),
    ];
  } finally {
    await server.stop();
  }
}
