import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "../figures.js";
import type { Seeded } from "../seed.js";
import { type Server, startServer } from "../servers.js";
import { quantile } from "../turns.js";
import { headers } from "../works/work.js";
import { ask, askV1, timed } from "./asking.js";
import { Person } from "./person.js";
import { found, type Setting } from "./setting.js";

const PEOPLE = 1_000;
const WITHIN_MS = 10_000;
const PARTNERS = 20;

interface Invited {
  meetingId: string;
  name: string;
  link: string;
}

/** A personal link into one of the rooms for each, spread evenly. */
async function invite(server: Server, { starterKey, runningIds, passwords }: Seeded): Promise<Invited[]> {
  const invited: Invited[] = [];
  for (let number = 0; number < PEOPLE; number += 1) {
    const meetingId = runningIds[number % runningIds.length] ?? "";
    const name = `Pupil ${number}`;
    const asked = { meeting_id: meetingId, fullname: name, password: passwords[meetingId], role: "viewer" };
    const { url } = await askV1<{ url: string }>(server, starterKey, "join_meeting/", asked);
    invited.push({ meetingId, name, link: url });
  }
  return invited;
}

/** Asks again as soon as it is answered, and begins with what stands to be asked for: nobody asks more often. */
async function poll(server: Server, key: string, isOver: () => boolean): Promise<number[]> {
  const took: number[] = [];
  while (!isOver()) took.push(await timed(() => ask(server, "/api/v1/list_meetings/", headers(key))));
  return took;
}

/** From the click on the link to being inside: the page first, then its socket. */
async function enter(server: Server, { link }: Invited): Promise<Person> {
  const { pathname, search } = new URL(link);
  await ask(server, pathname + search, {});
  const person = new Person(server.url, link);
  await person.entered;
  return person;
}

/** How many are missing in the lists of who was there, or stand there twice; or were not seen by the others in a room. */
async function countWrong(
  server: Server,
  seeded: Seeded,
  invited: readonly Invited[],
  people: readonly (Person | undefined)[],
) {
  let lost = 0;
  let doubled = 0;
  let unseen = 0;
  for (const meetingId of new Set(invited.map((each) => each.meetingId))) {
    const [session] = await askV1<{ session_id: string }[]>(
      server,
      seeded.starterKey,
      `list_sessions/?meeting_id=${meetingId}`,
    );
    const path = `list_attendance/?session_id=${session?.session_id ?? ""}`;
    const listed = (await askV1<{ full_name: string }[]>(server, seeded.starterKey, path)).map((row) => row.full_name);
    const expected = invited.filter((each) => each.meetingId === meetingId);
    lost += expected.filter(({ name }) => !listed.includes(name)).length;
    doubled += listed.length - new Set(listed).size;
    for (const inside of people.filter((_, index) => invited[index]?.meetingId === meetingId)) {
      unseen += expected.length - new Set(inside?.seen.values()).size;
    }
  }
  return { lost, doubled, unseen };
}

const NS_IN_MS = 1e6;
const SETTLE_MS = 1_000;

interface Entered {
  /** undefined: was not let in. */
  person: Person | undefined;
  ms: number;
}

/** Each at its own moment of the ten seconds. */
function enterAll(server: Server, invited: readonly Invited[], say: Setting["say"]): Promise<Entered[]> {
  return Promise.all(
    invited.map(async (each, number) => {
      await sleep((number * WITHIN_MS) / PEOPLE);
      const begun = performance.now();
      const person = await enter(server, each).catch((error: unknown) => {
        say(`${each.name}: ${String(error)}`);
        return undefined;
      });
      return { person, ms: performance.now() - begun };
    }),
  );
}

/** All of it at once. @returns what it took, of whom, and how late the loops came */
async function holdClass(server: Server, seeded: Seeded, invited: readonly Invited[], say: Setting["say"]) {
  let isOver = false;
  const before = await server.ask("watch");
  const ours = monitorEventLoopDelay({ resolution: 1 });
  ours.enable();
  const polls = Array.from({ length: PARTNERS }, () => poll(server, seeded.starterKey, () => isOver));
  const entered = await enterAll(server, invited, say);
  isOver = true;
  ours.disable();
  const asked = (await Promise.all(polls)).flat();
  const { late, latest, cpu } = await server.ask();
  return { entered, asked, late, latest, cpu: cpu - before.cpu, own: ours.percentile(99.9) / NS_IN_MS };
}

/** A thousand people open the links of fifty rooms within ten seconds, while twenty partners ask without a pause. */
export async function measureClass({ starting, seeded, say }: Setting): Promise<Figure[]> {
  const server = await startServer("gateway", starting);
  try {
    const invited = await invite(server, seeded);
    const { entered, asked, late, latest, cpu, own } = await holdClass(server, seeded, invited, say);
    await sleep(SETTLE_MS);
    const people = entered.map(({ person }) => person);
    const entering = entered.map(({ ms }) => ms);
    const { lost, doubled, unseen } = await countWrong(server, seeded, invited, people);
    const of = found("class");
    return [
      of("entering, p99 ms", quantile(entering, 0.99), "< 250"),
      of("entering, median ms", quantile(entering, 0.5)),
      of("list_meetings, p99 ms", quantile(asked, 0.99), "< 250"),
      of("list_meetings, median ms", quantile(asked, 0.5)),
      of("list_meetings, calls", asked.length),
      of("loop's delay, p99.9 ms", late, "< 50"),
      of("loop's delay, most ms", latest),
      of("the same of who measures, p99.9 ms", own),
      of("CPU of the server for all of it, s", cpu / 1e6),
      of("people not let in", people.filter((person) => person === undefined).length, "0"),
      of("people lost", lost, "0"),
      of("people doubled", doubled, "0"),
      of("people not seen by someone in their room", unseen, "0"),
    ];
  } finally {
    await server.stop();
  }
}
