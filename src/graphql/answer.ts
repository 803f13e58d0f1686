import { type MutationCode, Refusal, type RefusalCode, type RefusalFacts } from "../domain/refusal.js";
import type { Context } from "./context.js";
import {
  EngineError,
  IdempotencyError,
  InputIssue,
  InvalidInputError,
  InvalidPasswordError,
  LimitReachedError,
  MeetingStateError,
  NotFoundError,
  RecordingStateError,
  SessionStateError,
  TooManyAttemptsError,
  type errorClasses,
} from "./errors.js";
import type { UserError } from "./user-error.js";

type Words = Pick<Context, "say" | "nameField">;
type Makers = {
  [Code in MutationCode]: (facts: RefusalFacts[Code], words: Words) => InstanceType<(typeof errorClasses)[Code]>;
};

const limitReached =
  (code: "MEETING_LIMIT_REACHED" | "RUNNING_LIMIT_REACHED" | "ATTENDANCE_LIMIT_REACHED") =>
  ({ limit }: { limit: number }, { say }: Words) =>
    new LimitReachedError(code, limit, say(`refusal.${code}`, { limit }));

const makers = {
  INVALID_INPUT: ({ issues }, { say, nameField }) =>
    new InvalidInputError(
      issues.map(({ path, code, key, facts }) => {
        const field = path.map(nameField).join(".");
        return new InputIssue(path, code, say(key, { field, ...facts }));
      }),
    ),
  NOT_FOUND: ({ resource }, { say }) => new NotFoundError(resource, say(`refusal.NOT_FOUND.${resource}`)),
  INVALID_PASSWORD: (_facts, { say }) => new InvalidPasswordError(say("refusal.INVALID_PASSWORD")),
  TOO_MANY_ATTEMPTS: (facts, { say }) =>
    new TooManyAttemptsError(facts.retryAfterSeconds, say("refusal.TOO_MANY_ATTEMPTS", facts)),
  MEETING_ALREADY_RUNNING: (facts, { say, nameField }) => {
    const fields = facts.wanted === "START" ? facts.fields.map(nameField).join(", ") : "";
    const sentence = say(`refusal.MEETING_ALREADY_RUNNING.${facts.wanted}`, { fields });
    return new MeetingStateError("MEETING_ALREADY_RUNNING", facts.meeting, sentence);
  },
  MEETING_NOT_RUNNING: ({ meeting }, { say }) =>
    new MeetingStateError("MEETING_NOT_RUNNING", meeting, say("refusal.MEETING_NOT_RUNNING")),
  MEETING_LIMIT_REACHED: limitReached("MEETING_LIMIT_REACHED"),
  RUNNING_LIMIT_REACHED: limitReached("RUNNING_LIMIT_REACHED"),
  ATTENDANCE_LIMIT_REACHED: limitReached("ATTENDANCE_LIMIT_REACHED"),
  RECORDING_NOT_READY: ({ recording, status }, { say }) =>
    new RecordingStateError(recording, say(`refusal.RECORDING_NOT_READY.${status}`)),
  IDEMPOTENCY_KEY_REUSED: (_facts, { say }) => new IdempotencyError(say("refusal.IDEMPOTENCY_KEY_REUSED")),
  ENGINE_FAILED: ({ retryable }, { say }) =>
    new EngineError("ENGINE_FAILED", retryable, say(`refusal.ENGINE_FAILED.${retryable ? "PASSING" : "LASTING"}`)),
  NOT_SUPPORTED_BY_ENGINE: (_facts, { say }) =>
    new EngineError("NOT_SUPPORTED_BY_ENGINE", false, say("refusal.NOT_SUPPORTED_BY_ENGINE")),
  SESSION_NOT_RUNNING: ({ session }, { say }) => new SessionStateError(session, say("refusal.SESSION_NOT_RUNNING")),
} satisfies Makers;

const isUserCode = (code: RefusalCode): code is MutationCode => code in makers;

/** Runs a use-case; a refusal becomes its member of the result union, in the caller's language. */
export async function answer<T>(context: Context, run: () => Promise<T>): Promise<T | UserError> {
  context.forgetLoaded();
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Refusal) || !isUserCode(error.code)) throw error;
    const make = makers[error.code] as (facts: unknown, words: Words) => UserError;
    return make(error.facts, context);
  }
}
