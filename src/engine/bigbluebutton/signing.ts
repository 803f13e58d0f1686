import { createHash } from "node:crypto";
import type { Checksum } from "./flavours.js";

export type Pairs = readonly (readonly [name: string, value: string])[];

/** The server takes these out before it checks, so that the checksum would be of another text. */
// oxlint-disable-next-line no-control-regex -- these are meant
const controls = /[\u0000-\u001F\u007F]/g;

/**
 * What follows the API's address: the call, its parameters and, last (PlugNmeet takes all after it for the checksum), the
 * checksum of exactly this text. A credential: nobody may write it anew, because another escape is another text.
 */
export function signed(call: string, pairs: Pairs, secret: string, checksum: Checksum): string {
  const clean = pairs.map(([name, value]): [string, string] => [name, value.replace(controls, "").trim()]);
  // Escapes the apostrophe, as browsers do in an address; `encodeURIComponent` would leave it to them.
  const query = new URLSearchParams(clean).toString();
  const sum = createHash(checksum)
    .update(call + query + secret, "utf8")
    .digest("hex");
  return `${call}?${query === "" ? "" : `${query}&`}checksum=${sum}`;
}
