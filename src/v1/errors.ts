import type { MutationCode } from "../domain/refusal.js";
import type { ErrorCode } from "../graphql/run/codes.js";
import type { Facts, MessageKey } from "../messages/index.js";

/** A use-case's refusal, as the graph tells it → status (error-1, error-2). */
const ofRefusals = {
  INVALID_INPUT: 400,
  NOT_FOUND: 404,
  INVALID_PASSWORD: 401,
  TOO_MANY_ATTEMPTS: 429,
  MEETING_ALREADY_RUNNING: 400,
  MEETING_NOT_RUNNING: 400,
  MEETING_LIMIT_REACHED: 400,
  RUNNING_LIMIT_REACHED: 400,
  ATTENDANCE_LIMIT_REACHED: 400,
  RECORDING_NOT_READY: 400,
  IDEMPOTENCY_KEY_REUSED: 400,
  ENGINE_FAILED: 502,
  NOT_SUPPORTED_BY_ENGINE: 400,
  SESSION_NOT_RUNNING: 400,
} satisfies Record<MutationCode, number>;

/** The graph's own codes, in the top-level `errors`. */
const ofTheGraph = {
  UNAUTHENTICATED: 401,
  LICENSE_EXPIRED: 401,
  LICENSE_REVOKED: 401,
  SERVICE_UNAVAILABLE: 503,
} satisfies Partial<Record<ErrorCode, number>>;

const statuses = new Map<string, number>(Object.entries({ ...ofRefusals, ...ofTheGraph }));

/** undefined: not one of ours, so nothing of it may be shown. */
export const statusOf = (code: unknown): number | undefined => statuses.get(String(code));

/** One thing wrong with a request: the sentence's key in the catalogues, and what fills it. */
export interface Fault {
  key: MessageKey;
  facts?: Facts;
}

/** Our names of fields as v1 spells them. */
export const v1Name = (name: string): string => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
