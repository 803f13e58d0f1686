import { createHmac } from "node:crypto";
import type { Clock } from "./clock.js";
import type { ServerWords } from "./engine/engine.js";
import { isSameSecret } from "./same-secret.js";

/** Clocks of two machines may differ so much, and a word may be on its way for so long. */
const GOOD_FOR_MS = 60_000;

/**
 * Words that only servers with the same secret can say: when it is, and to whom it is said. Of two with one address by mistake
 * none takes what is the other's.
 * @param self this server's id
 */
export function serverWords(
  [key, ...earlier]: readonly Buffer[],
  self: string,
  clock: Pick<Clock, "wall">,
): ServerWords {
  const signed = (by: Buffer, at: string, to: string) => createHmac("sha256", by).update(`${at} ${to}`).digest();
  return {
    say(to) {
      const at = String(clock.wall().getTime());
      return `${at}.${signed(key as Buffer, at, to).toString("base64url")}`;
    },
    isOurs(word) {
      const [at = "", signature = ""] = word.split(".", 2);
      if (!/^\d{1,15}$/.test(at) || Math.abs(clock.wall().getTime() - Number(at)) > GOOD_FOR_MS) return false;
      const given = Buffer.from(signature, "base64url");
      return [key as Buffer, ...earlier].some((each) => isSameSecret(signed(each, at, self), given));
    },
  };
}
