import { mayHaveOn, nothingOn, type Slot, type Slots, slots } from "./permits.js";

/** So many are connected to each other, each with each of the others. */
const MOST_CONNECTED = 12;
/** So many of them with a camera. */
const MOST_CAMERAS = 6;

export type MediaRefusal = "MEDIA_FULL" | "CAMERAS_FULL" | "SCREEN_TAKEN";

/** Who of a room takes part in its sound and picture, and what of theirs is on: as they say, within what they may. */
export class Media {
  readonly #on = new Map<string, Slots>();

  of(id: string): Slots | undefined {
    return this.#on.get(id);
  }

  /** As newcomers are told. */
  list(): ({ person: string } & Slots)[] {
    return [...this.#on].map(([person, on]) => ({ person, ...on }));
  }

  #others(id: string, slot: Slot): number {
    return [...this.#on].filter(([other, on]) => other !== id && on[slot]).length;
  }

  refusalOf(id: string, wish: Slots, isModerator: (id: string) => boolean): MediaRefusal | undefined {
    const before = this.#on.get(id);
    // A class that came before its teacher must not be all there is to hear.
    const kept = isModerator(id) || [...this.#on.keys()].some(isModerator) ? 0 : 1;
    if (!before && this.#on.size >= MOST_CONNECTED - kept) return "MEDIA_FULL";
    if (wish.cam && this.#others(id, "cam") >= MOST_CAMERAS) return "CAMERAS_FULL";
    if (wish.screen && this.#others(id, "screen") > 0) return "SCREEN_TAKEN";
  }

  set(id: string, { mic, cam, screen }: Slots): void {
    this.#on.set(id, { mic, cam, screen });
  }

  delete(id: string): void {
    this.#on.delete(id);
  }

  /** @returns whose it was that is off now */
  turnOff(slot: Slot, ids: Iterable<string>): string[] {
    const changed = [...ids].filter((id) => this.#on.get(id)?.[slot]);
    for (const id of changed) this.#on.set(id, { ...(this.#on.get(id) ?? nothingOn), [slot]: false });
    return changed;
  }

  /** What may not be on any more goes off. @returns whose */
  obey(settings: Readonly<Record<string, boolean>>, isModerator: (id: string) => boolean): Set<string> {
    const forbidden = (slot: Slot) => [...this.#on.keys()].filter((id) => !mayHaveOn(slot, settings, isModerator(id)));
    return new Set(slots.flatMap((slot) => this.turnOff(slot, forbidden(slot))));
  }
}
