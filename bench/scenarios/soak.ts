import { setTimeout as sleep } from "node:timers/promises";
import { settingList } from "#gateway/domain/settings.js";
import type { Figure } from "../figures.js";
import type { Seeded } from "../seed.js";
import { type Server, startServer } from "../servers.js";
import { worksOf } from "../works.js";
import { ask, askV1 } from "./asking.js";
import { Follower } from "./follower.js";
import { Person } from "./person.js";
import { found, type Setting } from "./setting.js";

const MINUTE_MS = 60_000;
/** From this part of the time on nothing should grow: two minutes of ten. */
const WARM_PART = 0.2;
const PAUSE_MS = 20;
const READERS = 8;
const TEACHERS = 4;
const FOLLOWERS = 2;
const FOLLOWED_MS = 500;

const isRead = (path: string): boolean => path === "/graphql" || path.startsWith("/api/v1/list_");

/** Everything that servers are measured at and that writes nothing, one after the other. */
function readsOf(server: Server, seeded: Seeded): (number: number) => Promise<void> {
  const asked = worksOf(seeded)
    .map((work) => work.ask(0, "gateway"))
    .filter(({ path }) => isRead(path));
  return async (number) => {
    const { path, headers, body } = asked[number % asked.length] as (typeof asked)[number];
    await ask(server, path, headers, body);
  };
}

const switches = settingList.filter(({ inV1 }) => inV1).map(({ v1 }) => ({ setting: v1, value: true }));

/** A meeting's whole life: made, started, entered, left, ended. */
async function teach(server: Server, { starterKey }: Seeded, number: number): Promise<void> {
  const made = { title: `Soak ${number}`, meeting_setting: switches };
  const { meeting_id } = await askV1<{ meeting_id: string }>(server, starterKey, "create_meeting/", made);
  await askV1(server, starterKey, "start_meeting/", { meeting_id, moderator_name: "Mona" });
  const joining = { meeting_id, fullname: `Pupil ${number}`, role: "viewer" };
  const { url } = await askV1<{ url: string }>(server, starterKey, "join_meeting/", joining);
  const person = new Person(server.url, url);
  await person.entered;
  await person.leave();
  await askV1(server, starterKey, `end_meeting/?meeting_id=${meeting_id}`);
}

/** Listens for a while, and goes. */
async function listen(server: Server, { starterKey }: Seeded): Promise<void> {
  const follower = new Follower(server.url, starterKey, 3, () => {});
  await follower.follows;
  await sleep(FOLLOWED_MS);
  follower.close();
}

/** The same again and again, until it is over. @returns how often */
async function repeat(work: (number: number) => Promise<void>, isOver: () => boolean): Promise<number> {
  let times = 0;
  while (!isOver()) {
    await work(times);
    times += 1;
    await sleep(PAUSE_MS);
  }
  return times;
}

const MIB = 1024 * 1024;

/** A mixed load for some minutes: what is held after a collection of garbage must not go on growing. */
export async function measureSoak({ starting, seeded, minutes, say }: Setting): Promise<Figure[]> {
  const flags = [...(starting.flags ?? []), "--expose-gc"];
  const server = await startServer("gateway", { ...starting, flags });
  try {
    let isOver = false;
    const over = () => isOver;
    const many = (count: number, work: (number: number) => Promise<void>) =>
      Array.from({ length: count }, () => repeat(work, over));
    const load = Promise.all([
      ...many(READERS, readsOf(server, seeded)),
      ...many(TEACHERS, (number) => teach(server, seeded, number)),
      ...many(FOLLOWERS, () => listen(server, seeded)),
    ]);
    await Promise.race([load, sleep(minutes * WARM_PART * MINUTE_MS)]);
    const early = await server.ask();
    say(`after ${(minutes * WARM_PART).toFixed(1)} minutes: ${(early.heap / MIB).toFixed(1)} MiB of heap`);
    await Promise.race([load, sleep(minutes * (1 - WARM_PART) * MINUTE_MS)]);
    const last = await server.ask();
    isOver = true;
    const times = await load;
    const of = found("soak");
    return [
      of(`heap after ${minutes * WARM_PART} minutes, MiB`, early.heap / MIB),
      of(`heap after ${minutes} minutes, MiB`, last.heap / MIB),
      of("growth of the heap, %", (last.heap / early.heap - 1) * 100, "< 5"),
      of("resident at most, MiB", last.peak / MIB),
      of(
        "calls and lives of meetings",
        times.reduce((sum, each) => sum + each, 0),
      ),
    ];
  } finally {
    await server.stop();
  }
}
