import type { Queries, Repeat } from "../storage/index.js";
import type { Caller } from "./caller.js";
import { checkText, limits } from "./checks.js";
import type { Issue, Refuse } from "./refusal.js";
import type { Services } from "./services.js";

/** A call that may be sent again, because its answer got lost, and must not be done twice. */
export interface Repeatable {
  /** Chosen by the caller; none: each call is one of its own. */
  key: string | null | undefined;
  operation: Repeat["operation"];
  input: object;
}

export const KEPT_HOURS = 24;
const KEPT_MS = KEPT_HOURS * 60 * 60 * 1000;

export const checkKey = (key: string | null | undefined): Issue[] =>
  checkText(["idempotencyKey"], key, limits.idempotencyKey);

/** The same for inputs that mean the same: what is left out and what is null, in whatever order. */
function meaning(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const given = Object.entries(value).filter(([name, inner]) => inner != null && name !== "idempotencyKey");
  return given.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, meaning(inner)]);
}

/** Keyed, so that a password in it can't be guessed from what is stored. */
const fingerprintsOf = ({ fingerprints }: Services, { input }: Repeatable) =>
  fingerprints(JSON.stringify(meaning(input)));

/**
 * What came of the same call before; undefined where this is the first. Call it in the transaction that does the work.
 * @throws Refusal IDEMPOTENCY_KEY_REUSED
 */
export async function findRepeat(
  refuse: Refuse<"IDEMPOTENCY_KEY_REUSED">,
  tx: Queries,
  services: Services,
  { license }: Caller,
  call: Repeatable,
): Promise<Repeat | undefined> {
  if (!call.key) return undefined;
  const earlier = await tx.idempotency.find(license.id, call.key);
  if (!earlier || earlier.expiresAt <= services.clock.now()) return undefined;
  if (earlier.operation !== call.operation || !fingerprintsOf(services, call).includes(earlier.inputHash)) {
    throw refuse("IDEMPOTENCY_KEY_REUSED", {});
  }
  return earlier;
}

/**
 * Remembers the outcome in the transaction that brings it about; ids only, so that no credential lies stored. A call
 * that is refused changes nothing and is not remembered: sent again, it is tried again.
 */
export async function rememberCall(
  tx: Queries,
  services: Services,
  { license }: Caller,
  call: Repeatable,
  outcome: Pick<Repeat, "meetingId"> & Partial<Pick<Repeat, "sessionId" | "personId" | "isNew">>,
): Promise<void> {
  if (!call.key) return;
  const createdAt = services.clock.now();
  const [inputHash] = fingerprintsOf(services, call);
  await tx.idempotency.put({
    licenseId: license.id,
    key: call.key,
    operation: call.operation,
    inputHash,
    sessionId: null,
    personId: null,
    isNew: null,
    ...outcome,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + KEPT_MS),
  });
}
