import type { Facts, MessageKey } from "../messages/index.js";
import type { Meeting, Recording, Session } from "../storage/index.js";

/** What the graph's `InputIssueCode` offers. */
export type IssueCode = "DUPLICATE" | "INVALID_FORMAT" | "NULL_NOT_ALLOWED" | "OUT_OF_RANGE" | "REQUIRED" | "TOO_LONG";

/** One rejected value. `key` and `facts` make the sentence; `facts.field` is filled in from `path` by the door. */
export interface Issue {
  path: string[];
  code: IssueCode;
  key: MessageKey;
  facts?: Facts;
}

export type Resource = "ACCESS_TOKEN" | "ATTENDANCE" | "MEETING" | "RECORDING" | "SESSION";

/** Every reason a use-case may refuse for, with the facts its sentence and its answer are made from. */
export interface RefusalFacts {
  INVALID_INPUT: { issues: Issue[] };
  NOT_FOUND: { resource: Resource };
  INVALID_PASSWORD: Record<string, never>;
  TOO_MANY_ATTEMPTS: { retryAfterSeconds: number };
  /** `wanted`: why the operation needed the meeting not to run. */
  MEETING_ALREADY_RUNNING:
    | { meeting: Meeting; wanted: "DELETE" }
    | { meeting: Meeting; wanted: "START"; fields: string[] };
  MEETING_NOT_RUNNING: { meeting: Meeting };
  MEETING_LIMIT_REACHED: { limit: number };
  RUNNING_LIMIT_REACHED: { limit: number };
  ATTENDANCE_LIMIT_REACHED: { limit: number };
  RECORDING_NOT_READY: { recording: Recording; status: Exclude<Recording["status"], "READY"> };
  IDEMPOTENCY_KEY_REUSED: Record<string, never>;
  ENGINE_FAILED: { retryable: boolean };
  SESSION_NOT_RUNNING: { session: Session };
  /** The engine that runs the session takes no such change. */
  NOT_SUPPORTED_BY_ENGINE: Record<string, never>;
  /** Of the visitors' door only. */
  LINK_TAMPERED: Record<string, never>;
  /** Of the visitors' door only. */
  SESSION_OVER: Record<string, never>;
  /** Of the visitors' door only. */
  REMOVED: Record<string, never>;
}

export type RefusalCode = keyof RefusalFacts;

/** What a mutation may refuse; the other codes are of the visitors' door only. */
export type MutationCode = Exclude<RefusalCode, "LINK_TAMPERED" | "SESSION_OVER" | "REMOVED">;

/**
 * Makes refusals of these codes and of no other. Whatever helps a use-case takes the use-case's own, so that what the
 * helper refuses is in that list, or it does not compile. Said with `in`: what bounds `Thrown` the compiler does not
 * compare by itself.
 */
export interface Refuse<in Code extends RefusalCode> {
  <Thrown extends Code>(code: Thrown, facts: RefusalFacts[Thrown]): Refusal<Thrown>;
}

/** A use-case says no. Not a fault of the server: never logged as one, and always answered in words. */
export class Refusal<Code extends RefusalCode = RefusalCode> extends Error {
  override readonly name = "Refusal";

  private constructor(
    readonly code: Code,
    readonly facts: RefusalFacts[Code],
  ) {
    super(code);
  }

  /** The one way to a refusal: of the list that stands beside the use-case, exported, for doors and tests to read. */
  static outOf<Code extends RefusalCode>(_list: readonly Code[]): Refuse<Code> {
    return (code, facts) => new Refusal(code, facts);
  }
}

export const isEngineFailure = (error: unknown): error is Refusal<"ENGINE_FAILED"> =>
  error instanceof Refusal && error.code === "ENGINE_FAILED";
