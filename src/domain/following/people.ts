import type { LivePerson, LiveRoom, Person } from "../../engine/engine.js";
import { type Attendance, type Queries, sortKey } from "../../storage/index.js";
import { nameTold } from "../entering/as-told.js";
import { noteArrival, noteDeparture } from "../entering/told.js";
import { personIdOf } from "../entering/strangers.js";
import type { Services } from "../services.js";

/** The moment of a look: to be stored, and to wait by. */
export interface Look {
  at: Date;
  monotonic: number;
}

/** An engine may go on naming people for a minute after they left, and may miss somebody once. */
const ABSENT_MS = 60_000;
const ABSENT_LOOKS = 2;

interface LastSeen extends Look {
  /** Looks since then that did not find them. */
  missed: number;
}

type Match = { known: Attendance } | { newcomer: Person };

const isNamed = (name: string) => {
  const key = sortKey(name);
  return ({ fullNameKey }: Pick<Attendance, "fullNameKey">) => fullNameKey === key;
};

/** Where an engine tells names only: somebody of that name who was sent on, or was inside before; else a stranger. */
async function findNamed(
  read: Queries,
  sessionId: string,
  told: LivePerson,
  taken: ReadonlySet<string>,
): Promise<Person> {
  const { name, role, engineUserId } = told;
  const isFree = ({ id }: { id: string }) => !taken.has(id);
  const sentOn = (await read.onTheWay.listOfSession(sessionId))
    .map((each) => ({ id: each.personId, name: each.fullName, role: each.role }))
    .find((each) => isFree(each) && sortKey(each.name) === sortKey(name));
  if (sentOn) return sentOn;
  const before = (await read.attendances.listNamed(sessionId, sortKey(name))).findLast(isFree);
  return { id: before?.id ?? personIdOf(sessionId, engineUserId ?? name), name, role };
}

/** Whom the engine names, each found among those inside or new; one person is found once. */
async function matched(
  read: Queries,
  { sessionId, people }: LiveRoom,
  inside: readonly Attendance[],
): Promise<Match[]> {
  const taken = new Set<string>();
  const take = (person: { id: string } | undefined) => person && taken.add(person.id);
  const matches: Match[] = [];
  const newcomers: LivePerson[] = [];
  for (const living of people) {
    const told = { ...living, name: nameTold(living.name) };
    const isThem =
      told.personId === null
        ? isNamed(told.name)
        : ({ id }: Attendance) => id === personIdOf(sessionId, told.personId ?? "");
    const known = inside.find((each) => !taken.has(each.id) && isThem(each));
    take(known);
    if (known) matches.push({ known });
    else newcomers.push(told);
  }
  for (const told of newcomers) {
    const { personId, name, role } = told;
    const newcomer =
      personId === null
        ? await findNamed(read, sessionId, told, taken)
        : { id: personIdOf(sessionId, personId), name, role };
    if (taken.has(newcomer.id)) continue;
    take(newcomer);
    matches.push({ newcomer });
  }
  return matches;
}

/** What the looks of one engine's rooms tell of the people in them. */
export class PeopleSeen {
  #seen = new Map<string, LastSeen>();
  #now = new Map<string, LastSeen>();

  constructor(
    readonly services: Services,
    readonly engine: string,
  ) {}

  /** Who is found and was not known is in, who is known and was not found for a while is out. */
  async look(room: LiveRoom, look: Look): Promise<void> {
    const { sessionId } = room;
    const { read } = this.services.storage;
    const inside = await read.attendances.listInside(sessionId);
    const matches = await matched(read, room, inside);
    const present = new Set(matches.flatMap((match) => ("known" in match ? [match.known.id] : [])));
    for (const id of present) this.#now.set(id, { ...look, missed: 0 });
    for (const match of matches) if ("newcomer" in match) await this.#arrive(sessionId, match.newcomer, look);
    for (const { id } of inside) if (!present.has(id)) await this.#miss(sessionId, id, look);
  }

  /** After all rooms of a round: who was not among those inside is forgotten. */
  endRound(): void {
    this.#seen = this.#now;
    this.#now = new Map();
  }

  async #arrive(sessionId: string, person: Person, { at }: Look): Promise<void> {
    await noteArrival(this.services, this.engine, { sessionId, person, source: "POLL", at });
  }

  async #miss(sessionId: string, personId: string, look: Look): Promise<void> {
    const last = this.#seen.get(personId) ?? { ...look, missed: 0 };
    const missed = last.missed + 1;
    if (missed >= ABSENT_LOOKS && look.monotonic - last.monotonic > ABSENT_MS) {
      return noteDeparture(this.services, this.engine, { sessionId, personId, source: "POLL", at: last.at });
    }
    this.#now.set(personId, { ...last, missed });
    return undefined;
  }
}
