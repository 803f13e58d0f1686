// Who takes part in sound and picture, and what of theirs is on, as the server told last.

import { computed, signal } from "@preact/signals";
import { mayHaveOn, mayPass, nothingOn, type Slot, type Slots } from "../../media/permits.js";
import type { OnAir } from "../line/frames.js";
import { settings } from "../moderation/settings.js";
import { isModerator, myId, personOf } from "../people/people.js";

export const onAir = signal<ReadonlyMap<string, Slots>>(new Map());

export const setOnAir = (all: readonly OnAir[]): void => {
  onAir.value = new Map(all.map(({ person, mic, cam, screen }) => [person, { mic, cam, screen }]));
};

export const putOnAir = ({ person, mic, cam, screen }: OnAir): void => {
  onAir.value = new Map(onAir.value).set(person, { mic, cam, screen });
};

export function dropOnAir(id: string): void {
  if (!onAir.value.has(id)) return;
  const others = new Map(onAir.value);
  others.delete(id);
  onAir.value = others;
}

const roleOf = (id: string) => ({ isModerator: personOf(id)?.role === "moderator" });

/** Whether a person's microphone, camera or screen may come here. */
export const mayTake = (slot: Slot, from: string): boolean =>
  mayPass(slot, settings.value, roleOf(from), { isModerator: isModerator.value });

/** Whether one's own may go there. */
export const maySend = (slot: Slot, to: string): boolean =>
  mayPass(slot, settings.value, { isModerator: isModerator.value }, roleOf(to));

/** Whether one may have it on at all. */
export const mayUse = (slot: Slot): boolean => mayHaveOn(slot, settings.value, isModerator.value);

/** What of a person can be seen or heard here. */
export function comesFrom(id: string): Slots {
  const on = onAir.value.get(id) ?? nothingOn;
  const comes = (slot: Slot) => on[slot] && (id === myId.value || mayTake(slot, id));
  return { mic: comes("mic"), cam: comes("cam"), screen: comes("screen") };
}

/** Somebody's picture is to be seen. */
export const hasPicture = computed(() =>
  [...onAir.value.keys()].some((id) => {
    const { cam, screen } = comesFrom(id);
    return cam || screen;
  }),
);

export const camerasOn = computed(() => [...onAir.value.values()].filter(({ cam }) => cam).length);
