import { signal } from "@preact/signals";
import type { Person, Reaction } from "../line/frames.js";
import { line } from "../line/my-line.js";
import { personOf } from "./people.js";

const shownForMs = 5_000;
const mostShown = 4;

export interface Shown {
  key: number;
  person: Person;
  what: Reaction;
}

/** The last ones, for a moment. */
export const shownReactions = signal<readonly Shown[]>([]);
let count = 0;

/** @returns what it is shown as; undefined where nobody knows the person */
export function showReaction(id: string, what: Reaction): Shown | undefined {
  const person = personOf(id);
  if (!person) return undefined;
  count += 1;
  const shown = { key: count, person, what };
  shownReactions.value = [...shownReactions.value.filter((each) => each.person.id !== id), shown].slice(-mostShown);
  setTimeout(() => {
    shownReactions.value = shownReactions.value.filter((each) => each !== shown);
  }, shownForMs);
  return shown;
}

export const react = (what: Reaction) => line.say({ type: "react", what });
