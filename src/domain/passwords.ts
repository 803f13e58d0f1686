import { createHash } from "node:crypto";
import { isSameSecret } from "../same-secret.js";
import type { Refuse } from "./refusal.js";
import type { Services } from "./services.js";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether `presented` opens what `required` guards; compared in constant time, whatever the lengths. */
const passwordMatches = (required: string, presented: string | null): boolean =>
  isSameSecret(digest(required), digest(presented ?? ""));

/** Which password of a meeting: each is guessed, and slowed, by itself. */
export type Guarded = `${string}:${"MODERATOR" | "VIEWER"}`;

/**
 * The right password, or none needed; on every door. Looks and counts without a pause, so that of many at once none
 * slips by.
 * @throws Refusal INVALID_PASSWORD, TOO_MANY_ATTEMPTS
 */
export function demandPassword(
  refuse: Refuse<"INVALID_PASSWORD" | "TOO_MANY_ATTEMPTS">,
  { clock, passwordGate }: Services,
  guarded: Guarded,
  required: string | null,
  presented: string | null,
): void {
  if (required === null) return;
  const now = clock.monotonic();
  const wait = passwordGate.wait(guarded, now);
  if (wait > 0) throw refuse("TOO_MANY_ATTEMPTS", { retryAfterSeconds: Math.ceil(wait / 1000) });
  if (!passwordMatches(required, presented)) {
    passwordGate.failed(guarded, now);
    throw refuse("INVALID_PASSWORD", {});
  }
  passwordGate.succeeded(guarded);
}
