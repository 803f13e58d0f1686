import { once } from "node:events";
import type { WebSocket } from "ws";
import type { EngineSetting, Home } from "../../engine.js";
import { lineTo } from "./lines.js";

const ANSWER_MS = 3_000;
/** Together they are smaller than a frame may be, with the longest names. */
const MOST_TOGETHER = 8;

interface Waiting {
  telling: object;
  heard(): void;
  failed(error: unknown): void;
}

/** @throws an error where they were not heard */
async function toldOver(line: WebSocket, tellings: readonly object[]): Promise<void> {
  const late = AbortSignal.timeout(ANSWER_MS);
  const gone = once(line, "close", { signal: late }).then(() => Promise.reject(new Error("the line closed")));
  const heard = once(line, "message", { signal: late });
  line.send(JSON.stringify({ type: "tell", tellings }));
  try {
    await Promise.race([heard, gone]);
  } finally {
    for (const each of [gone, heard]) each.catch(() => {});
  }
}

/** One line to each server that is told something: a few at a time, the next when it has heard those. */
export class Tellers {
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(readonly setting: EngineSetting) {}

  /** @throws an error where it was not heard */
  tell(home: Home, telling: object): Promise<void> {
    return new Promise((heard, failed) => {
      const waiting = this.#waiting.get(home.id);
      if (waiting) return void waiting.push({ telling, heard, failed });
      this.#waiting.set(home.id, [{ telling, heard, failed }]);
      return void this.#tellAll(home);
    });
  }

  async #tellAll(home: Home): Promise<void> {
    const waiting = this.#waiting.get(home.id) ?? [];
    let line: WebSocket | undefined;
    try {
      line = await lineTo(home, this.setting, "en");
      for (let some = waiting.slice(0, MOST_TOGETHER); some.length > 0; some = waiting.slice(0, MOST_TOGETHER)) {
        await toldOver(
          line,
          some.map(({ telling }) => telling),
        );
        for (const { heard } of waiting.splice(0, some.length)) heard();
      }
    } catch (error) {
      for (const { failed } of waiting.splice(0)) failed(error);
    } finally {
      this.#waiting.delete(home.id);
      line?.close();
    }
  }
}
