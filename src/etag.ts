import { hash } from "node:crypto";

/** A strong validator: the same for the same bytes, whoever made them and when (RFC 9110, 8.8.3). */
export const etagOf = (bytes: Buffer | string): string => `"${hash("sha256", bytes, "base64url")}"`;

/** Tags may hold commas, so a list is not simply split. */
const tags = /(?:W\/)?("[^"]*")/g;

/**
 * Whether `If-None-Match` names what would be sent: then 304 says it all. Compared weakly (RFC 9110, 13.1.2): a proxy that
 * compresses makes the tag a weak one.
 */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === "*") return true;
  return [...ifNoneMatch.matchAll(tags)].some(([, tag]) => tag === etag);
}
