import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether `presented` opens what `required` guards; compared in constant time, whatever the lengths. */
export function passwordMatches(required: string | null, presented: string | null): boolean {
  if (required === null) return true;
  return timingSafeEqual(digest(required), digest(presented ?? ""));
}
