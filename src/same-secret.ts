import { timingSafeEqual } from "node:crypto";

const bytesOf = (secret: string | Buffer): Buffer => (typeof secret === "string" ? Buffer.from(secret) : secret);

/** Whether someone shows what is right: how far a guess was right must not be told by time. Its length may be. */
export function isSameSecret(right: string | Buffer, shown: string | Buffer): boolean {
  const [one, other] = [bytesOf(right), bytesOf(shown)];
  return one.length === other.length && timingSafeEqual(one, other);
}
