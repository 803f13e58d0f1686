import { ask as request, askV1 } from "../scenarios/asking.js";
import { Person } from "../scenarios/person.js";
import type { Seeded } from "../seed.js";
import type { Server } from "../servers.js";
import { v1Reads } from "./v1-reads.js";
import { v1Writes } from "./v1-writes.js";
import { headers, type Work } from "./work.js";

const AGAIN = ["gateway", "postgres", "two", "proxied"] as const;
const FIRST = ["uncached", "postgresUncached", "twoUncached", "proxiedUncached"] as const;

/** People of a turn; and how many of them come side by side: more of one address would be sent away for a moment. */
const PEOPLE = 100;
const AT_ONCE = 10;
const ROOMS = 10;

/** From the call that asks for the link to being inside: the call, the page, its socket. */
async function enter(server: Server, { starterKey, runningIds, passwords }: Seeded, number: number) {
  const url = server.urls[number % server.urls.length] ?? server.url;
  const meetingId = runningIds[Math.floor(number / 2) % ROOMS] ?? "";
  const asked = { meeting_id: meetingId, fullname: `P ${number}`, password: passwords[meetingId], role: "viewer" };
  const { url: link } = await askV1<{ url: string }>({ url }, starterKey, "join_meeting/", asked);
  const { pathname, search } = new URL(link);
  await request({ url }, pathname + search, {});
  const person = new Person(url, link);
  await person.entered;
  return person;
}

/** A hundred people come into ten rooms; with two servers every second one to the other. */
const entering = (seeded: Seeded): Work => {
  const join = { meeting_id: seeded.runningIds[0], fullname: "Omar", password: "in-0", role: "viewer" };
  return {
    name: "entering",
    size: `${PEOPLE} people`,
    servers: AGAIN,
    amount: PEOPLE,
    ask: () => ({
      method: "POST",
      path: "/api/v1/join_meeting/",
      headers: headers(seeded.starterKey),
      body: JSON.stringify(join),
    }),
    async carry(server) {
      const people: Person[] = [];
      const latencies: number[] = [];
      let next = 0;
      const line = async () => {
        while (next < PEOPLE) {
          const begun = performance.now();
          people.push(await enter(server, seeded, next++));
          latencies.push(performance.now() - begun);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, line));
      const endedAt = performance.now();
      return { latencies, endedAt, after: async () => void (await Promise.all(people.map((each) => each.leave()))) };
    },
  };
};

/** The same server on SQLite, on PostgreSQL, and two of it there: what each step costs. */
export function scalingWorks(seeded: Seeded): Work[] {
  const lists = v1Reads(seeded).filter(({ name, size }) => name === "list_meetings" && size !== "1000 meetings");
  const creates = v1Writes(seeded).filter(({ name }) => name === "create_meeting");
  return [
    ...lists.flatMap((work) => [
      { ...work, size: `${work.size}, first`, servers: FIRST, goals: {} },
      { ...work, size: `${work.size}, again`, servers: AGAIN, goals: {} },
    ]),
    ...creates.map((work) => ({ ...work, size: work.size || "32 clients", servers: AGAIN, goals: {} })),
    entering(seeded),
  ];
}
