import { computed, signal } from "@preact/signals";
import type { Person } from "../line/frames.js";

export const myId = signal("");

const everyone = signal<ReadonlyMap<string, Person>>(new Map());

export const me = computed(() => everyone.value.get(myId.value));
export const isModerator = computed(() => me.value?.role === "moderator");

/** Moderators stand before viewers, each in the order of their coming. */
export const people = computed(() => {
  const all = [...everyone.value.values()];
  return [...all.filter(({ role }) => role === "moderator"), ...all.filter(({ role }) => role !== "moderator")];
});

export function setPeople(mine: Person, all: readonly Person[]): void {
  myId.value = mine.id;
  everyone.value = new Map(all.map((person) => [person.id, person]));
}

export function addPerson(person: Person): void {
  everyone.value = new Map(everyone.value).set(person.id, person);
}

export function removePerson({ id }: Person): void {
  const others = new Map(everyone.value);
  others.delete(id);
  everyone.value = others;
}
