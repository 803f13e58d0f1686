import { createHmac } from "node:crypto";
import type { Clock } from "../../../clock.js";
import { isSameSecret } from "../../../same-secret.js";
import type { RecordingSetting } from "../../engine.js";

/** A page sends pieces with a token for so long, and asks for another in half of it. */
export const TOKEN_SECONDS = 3_600;
/** The address of the file itself, which a playback page asks for anew. */
export const MEDIA_SECONDS = 6 * 3_600;

type What = "pieces" | "media";

/** What opens a door for a while: for one thing, until an instant, without a row anywhere. */
export class Passes {
  constructor(
    readonly keys: RecordingSetting["keys"],
    readonly clock: Clock,
  ) {}

  #mac(key: Buffer, what: What, id: string, until: number): Buffer {
    return createHmac("sha256", key).update(`${what} ${id} ${until}`).digest();
  }

  make(what: What, id: string, seconds: number): string {
    const until = Math.floor(this.clock.now().getTime() / 1000) + seconds;
    return `${until}.${this.#mac(this.keys[0], what, id, until).toString("base64url")}`;
  }

  isGood(pass: string, what: What, id: string): boolean {
    const [, until = "", mac = ""] = /^(\d{1,12})\.([\w-]{43})$/.exec(pass) ?? [];
    const given = Buffer.from(mac, "base64url");
    const isOurs = this.keys.some((key) => isSameSecret(this.#mac(key, what, id, Number(until)), given));
    return isOurs && Number(until) * 1000 > this.clock.now().getTime();
  }
}
