import { setTimeout as sleep } from "node:timers/promises";
import * as Y from "yjs";
import type { Figure } from "../figures.js";
import type { Seeded } from "../seed.js";
import { type Server, startServer } from "../servers.js";
import { quantile } from "../turns.js";
import { headers } from "../works/work.js";
import { ask, askV1 } from "./asking.js";
import { Person } from "./person.js";
import { found, type Setting } from "./setting.js";

/** People who enter side by side; more of one address that have not shown their link would be sent away for a moment. */
const AT_ONCE = 10;
const TALK_MS = 20_000;
/** A little slower than a person may write. */
const MESSAGE_EVERY_MS = 1_100;
const LETTER_EVERY_MS = 400;
const PATIENCE_MS = 10_000;

interface Case {
  name: string;
  people: number;
  rooms: number;
  /** In each room. */
  talkers: number;
  /** Who type in the notes of the first room, which all there have open. */
  writers: number;
}

const cases: Case[] = [
  { name: "300 in one room, 20 talk", people: 300, rooms: 1, talkers: 20, writers: 0 },
  { name: "300 in one room, 5 write notes", people: 300, rooms: 1, talkers: 0, writers: 5 },
  { name: "1,000 in 50 rooms, 2 talk in each", people: 1_000, rooms: 50, talkers: 2, writers: 0 },
];

/** By their rooms. */
async function enterAll(server: Server, { starterKey, runningIds, passwords }: Seeded, { people, rooms }: Case) {
  const inside: Person[][] = Array.from({ length: rooms }, () => []);
  for (let number = 0; number < people; number += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, people - number) }, async (_, at) => {
      const room = (number + at) % rooms;
      const meetingId = runningIds[room] ?? "";
      const asked = {
        meeting_id: meetingId,
        fullname: `P ${number + at}`,
        password: passwords[meetingId],
        role: "viewer",
      };
      const { url } = await askV1<{ url: string }>(server, starterKey, "join_meeting/", asked);
      const person = new Person(server.url, url);
      await person.entered;
      inside[room]?.push(person);
    });
    await Promise.all(some);
  }
  return inside;
}

const unlocking = `mutation ($id: ID!) {
  updateSessionSettings(input: { sessionId: $id, settings: { lockSettingsDisablePublicChat: false, lockSettingsDisableNote: false } }) {
    __typename
  }
}`;

/** Whatever the meetings' own settings are. */
async function unlock(server: Server, { starterKey, runningIds }: Seeded, rooms: number): Promise<void> {
  for (const meetingId of runningIds.slice(0, rooms)) {
    const path = `list_sessions/?meeting_id=${meetingId}`;
    const [session] = await askV1<{ session_id: string }[]>(server, starterKey, path);
    const body = JSON.stringify({ query: unlocking, variables: { id: session?.session_id } });
    const answer = await ask(server, "/graphql", headers(starterKey), body);
    if (!answer.includes("UpdateSessionSettingsSuccess")) throw new Error(`a room stays locked: ${answer}`);
  }
}

/** Each begins at a moment of its own. @returns how many were written */
async function repeat(
  people: readonly Person[],
  everyMs: number,
  act: (person: Person, nth: number) => void,
): Promise<number> {
  const times = Math.floor(TALK_MS / everyMs);
  const each = people.map(async (person, at) => {
    await sleep((at * everyMs) / people.length);
    for (let nth = 0; nth < times; nth += 1) {
      act(person, nth);
      await sleep(everyMs);
    }
  });
  await Promise.all(each);
  return times * people.length;
}

/** A letter at the end of what this one wrote, as a page says it. */
function typist(): () => string {
  const doc = new Y.Doc();
  const text = doc.getText("notes");
  return () => {
    const before = Y.encodeStateVector(doc);
    text.insert(text.length, "x");
    return Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString("base64");
  };
}

async function talk(
  room: readonly Person[],
  { talkers, writers }: Case,
  isFirst: boolean,
): Promise<{ said: number; typed: number }> {
  const typists = new Map(room.slice(0, isFirst ? writers : 0).map((person) => [person, typist()]));
  if (typists.size > 0) {
    for (const person of room) person.say({ type: "notes-open" });
    await Promise.all(room.map((person) => person.opened));
  }
  const [said, typed] = await Promise.all([
    repeat(room.slice(0, talkers), MESSAGE_EVERY_MS, (person, nth) => person.write(`message ${nth}`)),
    repeat([...typists.keys()], LETTER_EVERY_MS, (person) =>
      person.say({ type: "notes-write", update: typists.get(person)?.() ?? "" }),
    ),
  ]);
  return { said, typed };
}

interface Told {
  due: number;
  missing: number;
  otherwise: number;
}

/** What every person of a room was told, against what was said there. */
async function compare(room: readonly Person[], { said, typed }: { said: number; typed: number }): Promise<Told> {
  const due = said + typed;
  const heardOf = (person: Person) => person.messages.length + person.notes;
  const until = performance.now() + PATIENCE_MS;
  while (room.some((person) => heardOf(person) < due) && performance.now() < until) await sleep(20);
  const order = room[0]?.messages.join() ?? "";
  return {
    due: due * room.length,
    missing: room.reduce((sum, person) => sum + Math.abs(due - heardOf(person)), 0),
    otherwise: room.filter((person) => person.messages.join() !== order).length,
  };
}

async function measureCase({ starting, seeded, say }: Setting, one: Case): Promise<Figure[]> {
  const server = await startServer("gateway", starting);
  try {
    await unlock(server, seeded, one.rooms);
    const rooms = await enterAll(server, seeded, one);
    say(`${one.name}: all are inside`);
    const before = await server.ask("watch");
    const told = await Promise.all(rooms.map(async (room, at) => compare(room, await talk(room, one, at === 0))));
    const { late, latest, cpu } = await server.ask();
    const sum = (name: keyof Told) => told.reduce((all, each) => all + each[name], 0);
    const waits = rooms.flat().flatMap(({ waited }) => waited);
    const of = found(one.name);
    return [
      of("loop's delay, most ms", latest, "< 50"),
      of("loop's delay, p99.9 ms", late),
      ...(waits.length > 0 ? [of("own message back, p99 ms", quantile(waits, 0.99), "< 250")] : []),
      of("told, all together", sum("due")),
      of("not told, or twice", sum("missing"), "0"),
      of("people told in another order", sum("otherwise"), "0"),
      of("CPU of the server, % of one core", (cpu - before.cpu) / TALK_MS / 10),
    ];
  } finally {
    await server.stop();
  }
}

/** Rooms in which people talk: whether anything is lost, and whether anybody else has to wait. */
export async function measureRoom(setting: Setting): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const one of cases) figures.push(...(await measureCase(setting, one)));
  return figures;
}
