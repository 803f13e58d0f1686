import { setTimeout as sleep } from "node:timers/promises";
import type { EngineSetting, Moderation, Person } from "../../engine.js";
import type { Rooms } from "../rooms.js";
import { Tellers } from "./tellers.js";

/** What the server where it was stored tells the one that runs the room. A new kind is an entry here and in `arrived`. */
export type Telling =
  | { what: "removed" | "roleChanged" | "countedOut"; sessionId: string; person: Person }
  | { what: "settingsChanged"; sessionId: string; settings: Record<string, boolean> }
  | { what: "closed"; sessionId: string }
  /** There is no room for more of what is recorded. */
  | { what: "recordingFull"; sessionId: string };

/** So long is it tried again, with such pauses: a server that does not answer for so long is dead, and its rooms are read anew. */
const TRY_FOR_MS = 15_000;
const PAUSE_MS = 500;

/** All that a room hears from other servers comes in here, as from this one. */
export async function arrived(rooms: Rooms, telling: Telling): Promise<void> {
  const { sessionId } = telling;
  if (telling.what === "closed") return rooms.close(sessionId);
  if (telling.what === "settingsChanged") return rooms.moderation.settingsChanged(sessionId, telling.settings);
  if (telling.what === "countedOut") return rooms.countedOut(sessionId, telling.person);
  if (telling.what !== "recordingFull") return rooms.moderation[telling.what](sessionId, telling.person);
  const recorder = rooms.recorderOf(sessionId);
  await recorder?.inTurn(() => recorder.over("STORAGE_FULL"));
}

/** Tells rooms, wherever they are, what was stored of them here. */
export class Across {
  readonly #tellers: Tellers;

  constructor(
    readonly setting: EngineSetting,
    readonly rooms: Rooms,
  ) {
    this.#tellers = new Tellers(setting);
  }

  /**
   * @returns when the room knows, or once it was tried: what it did not hear is told it for a while longer, and whoever runs
   * it next reads what is stored
   */
  async tell(telling: Telling): Promise<void> {
    await arrived(this.rooms, telling);
    if (this.setting.homes.isHere(telling.sessionId)) return;
    await this.#tellElsewhere(telling).catch(() => void this.#tellAgain(telling));
  }

  async #tellElsewhere(telling: Telling): Promise<void> {
    const home = await this.setting.homes.elsewhere(telling.sessionId);
    if (home) await this.#tellers.tell(home, telling);
  }

  async #tellAgain(telling: Telling): Promise<void> {
    for (const until = performance.now() + TRY_FOR_MS; performance.now() < until; ) {
      await sleep(PAUSE_MS, undefined, { ref: false });
      try {
        return await this.#tellElsewhere(telling);
      } catch {
        // Again.
      }
    }
    const { what, sessionId } = telling;
    this.setting.log.warn({ what, sessionId }, "the server that runs a room can't be reached from here");
  }

  readonly moderation: Moderation = {
    removed: (sessionId, person) => this.tell({ what: "removed", sessionId, person }),
    roleChanged: (sessionId, person) => this.tell({ what: "roleChanged", sessionId, person }),
    settingsChanged: (sessionId, settings) => this.tell({ what: "settingsChanged", sessionId, settings }),
  };
}
