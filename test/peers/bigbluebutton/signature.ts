import { createHash } from "node:crypto";

export const algorithms = ["sha1", "sha256", "sha384", "sha512"] as const;
export type Algorithm = (typeof algorithms)[number];

/** The server knows the algorithm by how long the hex text is. */
const byLength: Record<number, Algorithm> = { 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512" };

export const digest = (algorithm: Algorithm, text: string): string =>
  createHash(algorithm).update(text, "utf8").digest("hex");

export const algorithmOf = (checksum: string): Algorithm | undefined => byLength[checksum.length];

interface Signed {
  /** The raw query without its checksum: what is hashed, its escapes untouched. */
  text: string;
  checksum: string;
}

const nameOf = (pair: string): string => [...new URLSearchParams(pair).keys()][0] ?? "";

/** undefined unless exactly one `checksum` stands in the query, and stands there unescaped. */
export function signedPart(query: string): Signed | undefined {
  const pairs = query.split("&");
  const named = pairs.filter((pair) => nameOf(pair) === "checksum");
  const [own] = named;
  if (named.length !== 1 || !own?.startsWith("checksum=")) return undefined;
  return { text: pairs.filter((pair) => pair !== own).join("&"), checksum: own.slice("checksum=".length) };
}

/** PlugNmeet cuts at the first `checksum=` and takes all that follows for the checksum. */
export function signedPartWhereLast(query: string): Signed | undefined {
  const at = query.indexOf("checksum=");
  if (at < 0) return undefined;
  return { text: query.slice(0, at).replace(/&$/, ""), checksum: query.slice(at + "checksum=".length) };
}

export function isSigned(call: string, signed: Signed | undefined, secret: string, accepted: readonly Algorithm[]) {
  const algorithm = signed && algorithmOf(signed.checksum);
  if (!algorithm || !accepted.includes(algorithm)) return false;
  return digest(algorithm, call + signed.text + secret) === signed.checksum.toLowerCase();
}
