import { computed, signal } from "@preact/signals";
import type { Person, Role } from "../line/frames.js";
import { line } from "../line/my-line.js";
import { locale } from "../texts.js";

export const myId = signal("");

/** Who is shown. A crowd that comes at once is shown in steps: each sorts and draws all of it. */
const everyone = signal<ReadonlyMap<string, Person>>(new Map());
/** Who is here, as the server told last. */
const known = new Map<string, Person>();

/** Ids of raised hands, the first first. */
export const hands = signal<readonly string[]>([]);

export const me = computed(() => everyone.value.get(myId.value));
export const isModerator = computed(() => me.value?.role === "moderator");
export const isMyHandUp = computed(() => hands.value.includes(myId.value));

export const personOf = (id: string): Person | undefined => everyone.value.get(id);

const { compare } = new Intl.Collator(locale, { numeric: true });

/** Moderators first, then hands in their order, then names. */
export const people = computed(() => {
  const handOf = new Map(hands.value.map((id, at) => [id, at]));
  const rank = ({ id }: Person) => handOf.get(id) ?? Number.MAX_SAFE_INTEGER;
  return [...everyone.value.values()].toSorted(
    (a, b) =>
      Number(b.role === "moderator") - Number(a.role === "moderator") || rank(a) - rank(b) || compare(a.name, b.name),
  );
});

const stepMs = 120;
let shownAt = -stepMs;
let timer = 0;

function showNow(): void {
  clearTimeout(timer);
  timer = 0;
  shownAt = performance.now();
  everyone.value = new Map(known);
}

function showSoon(): void {
  if (timer !== 0) return;
  const wait = shownAt + stepMs - performance.now();
  if (wait <= 0) showNow();
  else timer = setTimeout(showNow, wait);
}

export function setPeople(mine: Person, all: readonly Person[], raised: readonly string[]): void {
  known.clear();
  for (const person of all) known.set(person.id, person);
  myId.value = mine.id;
  hands.value = raised;
  showNow();
}

/** Came, or has another role now. */
export function putPerson(person: Person): void {
  known.set(person.id, person);
  if (person.id === myId.value) showNow();
  else showSoon();
}

export function removePerson({ id }: Person): void {
  known.delete(id);
  hands.value = hands.value.filter((each) => each !== id);
  showSoon();
}

export function setHand(id: string, up: boolean): void {
  const others = hands.value.filter((each) => each !== id);
  hands.value = up ? [...others, id] : others;
}

/** What one may wish for; shown once the server has told everyone. */
export const raiseHand = (up: boolean) => line.say({ type: "hand", up });
export const lowerAll = () => line.say({ type: "lower-all" });
export const setRole = (person: string, role: Role) => line.say({ type: "set-role", person, role });
export const sendOut = (person: string) => line.say({ type: "remove", person });
