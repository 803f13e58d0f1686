import { type ClassType, Int, ObjectType } from "type-graphql";
import type { Issue, MutationCode, Resource } from "../domain/refusal.js";
import type { Meeting as MeetingRow, Recording as RecordingRow, Session as SessionRow } from "../storage/index.js";
import { Meeting } from "./meeting/meeting.js";
import { Plain } from "./plain.js";
import { Recording } from "./recording/recording.js";
import { Session } from "./session/session.js";
import { InputIssueCode, ResourceKind, UserError } from "./user-error.js";

@ObjectType({ description: "One rejected input value." })
export class InputIssue {
  constructor(path: string[], code: Issue["code"], message: string) {
    this.path = path;
    this.code = code;
    this.message = message;
  }

  @Plain(() => InputIssueCode, { description: "Machine-readable reason." })
  code: Issue["code"];

  @Plain(() => String, { description: "Explanation in the negotiated language." })
  message: string;

  @Plain(() => [String], { description: 'Path inside `input`, for example `["settings", "record"]`.' })
  path: string[];
}

@ObjectType({ implements: UserError, description: "One or more input values are not acceptable; nothing was changed." })
export class InvalidInputError extends UserError {
  constructor(private readonly rejected: InputIssue[]) {
    super(
      "INVALID_INPUT",
      rejected.map(({ message }) => message),
    );
  }

  @Plain(() => [InputIssue], { description: "One entry per rejected value." })
  get issues(): InputIssue[] {
    return this.rejected;
  }
}

@ObjectType({
  implements: UserError,
  description: "The object named by an id does not exist, or belongs to another license.",
})
export class NotFoundError extends UserError {
  constructor(
    private readonly kind: Resource,
    message: string,
  ) {
    super("NOT_FOUND", [message]);
  }

  @Plain(() => ResourceKind, { description: "Kind of object that was looked up." })
  get resource(): Resource {
    return this.kind;
  }
}

@ObjectType({
  implements: UserError,
  description: "The moderator or attendee password does not match. Which of them was expected is not revealed.",
})
export class InvalidPasswordError extends UserError {
  constructor(message: string) {
    super("INVALID_PASSWORD", [message]);
  }
}

@ObjectType({
  implements: UserError,
  description: "Too many wrong passwords were tried for this meeting; until the wait is over none is looked at.",
})
export class TooManyAttemptsError extends UserError {
  constructor(
    private readonly wait: number,
    message: string,
  ) {
    super("TOO_MANY_ATTEMPTS", [message]);
  }

  @Plain(() => Int, { description: "Seconds until a password may be tried again." })
  get retryAfterSeconds(): number {
    return this.wait;
  }
}

@ObjectType({ implements: UserError, description: "The meeting is in the wrong state for the operation." })
export class MeetingStateError extends UserError {
  constructor(
    code: "MEETING_ALREADY_RUNNING" | "MEETING_NOT_RUNNING",
    private readonly row: MeetingRow,
    message: string,
  ) {
    super(code, [message]);
  }

  @Plain(() => Meeting, { description: "The meeting, in its current state." })
  get meeting(): Meeting {
    return new Meeting(this.row);
  }
}

@ObjectType({ implements: UserError, description: "The session is in the wrong state for the operation." })
export class SessionStateError extends UserError {
  constructor(
    private readonly row: SessionRow,
    message: string,
  ) {
    super("SESSION_NOT_RUNNING", [message]);
  }

  @Plain(() => Session, { description: "The session, in its current state." })
  get session(): Session {
    return new Session(this.row);
  }
}

@ObjectType({ implements: UserError, description: "A limit of the license is reached." })
export class LimitReachedError extends UserError {
  constructor(
    code: "MEETING_LIMIT_REACHED" | "RUNNING_LIMIT_REACHED" | "ATTENDANCE_LIMIT_REACHED",
    private readonly most: number,
    message: string,
  ) {
    super(code, [message]);
  }

  @Plain(() => Int, { description: "The limit that was hit." })
  get limit(): number {
    return this.most;
  }
}

@ObjectType({ implements: UserError, description: "The recording is in the wrong state for the operation." })
export class RecordingStateError extends UserError {
  constructor(
    private readonly row: RecordingRow,
    message: string,
  ) {
    super("RECORDING_NOT_READY", [message]);
  }

  @Plain(() => Recording, { description: "The recording, in its current state." })
  get recording(): Recording {
    return new Recording(this.row);
  }
}

@ObjectType({ implements: UserError, description: "The conference engine failed, or can't do it at all." })
export class EngineError extends UserError {
  constructor(
    code: "ENGINE_FAILED" | "NOT_SUPPORTED_BY_ENGINE",
    private readonly again: boolean,
    message: string,
  ) {
    super(code, [message]);
  }

  @Plain(() => Boolean, { description: "Whether the same call may work in a moment." })
  get retryable(): boolean {
    return this.again;
  }
}

@ObjectType({ implements: UserError, description: "An idempotency key was used before with different arguments." })
export class IdempotencyError extends UserError {
  constructor(message: string) {
    super("IDEMPOTENCY_KEY_REUSED", [message]);
  }
}

/** Which class tells which refusal; a mutation's result is made of these. */
export const errorClasses = {
  INVALID_INPUT: InvalidInputError,
  NOT_FOUND: NotFoundError,
  INVALID_PASSWORD: InvalidPasswordError,
  TOO_MANY_ATTEMPTS: TooManyAttemptsError,
  MEETING_ALREADY_RUNNING: MeetingStateError,
  MEETING_NOT_RUNNING: MeetingStateError,
  MEETING_LIMIT_REACHED: LimitReachedError,
  RUNNING_LIMIT_REACHED: LimitReachedError,
  ATTENDANCE_LIMIT_REACHED: LimitReachedError,
  RECORDING_NOT_READY: RecordingStateError,
  IDEMPOTENCY_KEY_REUSED: IdempotencyError,
  ENGINE_FAILED: EngineError,
  NOT_SUPPORTED_BY_ENGINE: EngineError,
  SESSION_NOT_RUNNING: SessionStateError,
} satisfies Record<MutationCode, ClassType<UserError>>;
