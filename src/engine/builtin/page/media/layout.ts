// How the stage is arranged: all alike, whoever speaks large, or one that was pinned.

import { computed, effect, signal } from "@preact/signals";
import { isOn } from "../moderation/settings.js";
import type { Person } from "../line/frames.js";
import { isModerator, myId, people } from "../people/people.js";
import { remembered } from "../parts/remembered.js";
import { speaking } from "./levels.js";
import { comesFrom, onAir } from "./on-air.js";

/** One tile of the stage. */
export interface Shown {
  id: string;
  slot: "cam" | "screen";
}

const choice = remembered(() => localStorage, "layout");

const wantsSpeaker = signal(choice.get() === "speaker");
const pinned = signal<Shown | undefined>(undefined);
const lastSpeaker = signal("");

/** Viewers see it as everyone does at first, and change nothing. */
export const isLayoutLocked = computed(() => !isModerator.value && isOn("lockSettingsLockedLayout"));

export const isSpeakerLarge = computed(() => wantsSpeaker.value && !isLayoutLocked.value);

export function showSpeakerLarge(isLarge: boolean): void {
  wantsSpeaker.value = isLarge;
  choice.set(isLarge ? "speaker" : "grid");
}

const isSame = (one: Shown | undefined, other: Shown): boolean => one?.id === other.id && one.slot === other.slot;

export const isPinned = (shown: Shown): boolean => isSame(pinned.value, shown);

export function pin(shown: Shown): void {
  pinned.value = isPinned(shown) ? undefined : shown;
}

/** What was pinned may have gone. */
const isThere = ({ id, slot }: Shown): boolean => onAir.value.has(id) && (slot === "cam" || comesFrom(id).screen);

/** The one that is shown large: what was pinned, a screen, or who spoke last. */
export const large = computed<Shown | undefined>(() => {
  const mine = isLayoutLocked.value ? undefined : pinned.value;
  if (mine && isThere(mine)) return mine;
  const sharing = [...onAir.value.keys()].find((id) => comesFrom(id).screen);
  if (sharing !== undefined) return { id: sharing, slot: "screen" };
  const speaker = lastSpeaker.value;
  return isSpeakerLarge.value && onAir.value.has(speaker) ? { id: speaker, slot: "cam" } : undefined;
});

export const isLarge = (shown: Shown): boolean => isSame(large.value, shown);

/** Everyone who takes part, and a screen beside whoever shares it; the large one first. */
export const tiles = computed(() => {
  const shown = people.value.filter(({ id }) => onAir.value.has(id));
  const all = shown.flatMap((person): (Shown & { person: Person })[] => [
    ...(comesFrom(person.id).screen ? [{ person, id: person.id, slot: "screen" } as const] : []),
    { person, id: person.id, slot: "cam" },
  ]);
  return all.toSorted((one, other) => Number(isLarge(other)) - Number(isLarge(one)));
});

export function begin(): void {
  // Of several who speak, whoever was large stays so.
  effect(() => {
    const others = [...speaking.value].filter((id) => id !== myId.peek());
    if (others.length > 0 && !others.includes(lastSpeaker.peek())) lastSpeaker.value = others[0] ?? "";
  });
}
