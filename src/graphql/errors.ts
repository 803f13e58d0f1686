import { type ClassType, Int, InterfaceType, ObjectType, registerEnumType } from "type-graphql";
import type { Issue, MutationCode, Resource } from "../domain/refusal.js";
import type { Meeting as MeetingRow, Recording as RecordingRow } from "../storage/index.js";
import { Meeting } from "./meeting/meeting.js";
import { Plain } from "./plain.js";
import { Recording } from "./recording/recording.js";

const codes = {
  ATTENDANCE_LIMIT_REACHED: "The room is full: the license's maximum attendance is reached.",
  ENGINE_FAILED: "The conference engine could not do it; a failed start is kept as a session with status `FAILED`.",
  IDEMPOTENCY_KEY_REUSED: "An idempotency key was reused with different arguments.",
  INVALID_INPUT: "One or more input values are not acceptable.",
  INVALID_PASSWORD: "The meeting password does not match.",
  MEETING_ALREADY_RUNNING: "The meeting has a running session and the operation needs it to have none.",
  MEETING_LIMIT_REACHED: "The license's meeting room limit is reached.",
  MEETING_NOT_RUNNING: "The meeting has no running session.",
  RUNNING_LIMIT_REACHED: "The license's maximum of sessions running at once is reached.",
  TOO_MANY_ATTEMPTS: "Too many wrong passwords for this meeting; see `TooManyAttemptsError`.",
  RECORDING_NOT_READY: "The recording is still being produced, or could not be.",
  NOT_FOUND: "The object does not exist or belongs to another license.",
} satisfies Record<MutationCode, string>;

const enumOf = (name: string, description: string, values: Record<string, string>): Record<string, string> => {
  const members = Object.fromEntries(Object.keys(values).map((value) => [value, value]));
  const valuesConfig = Object.fromEntries(
    Object.entries(values).map(([value, text]) => [value, { description: text }]),
  );
  registerEnumType(members, { name, description, valuesConfig });
  return members;
};

const UserErrorCode = enumOf(
  "UserErrorCode",
  "Codes of `UserError`. New values may be added at any time; treat an unknown one as `INVALID_INPUT`.",
  codes,
);
const InputIssueCode = enumOf("InputIssueCode", "Why an input value was rejected.", {
  DUPLICATE: "Present more than once.",
  INVALID_FORMAT: "Not in the expected format.",
  NULL_NOT_ALLOWED: "Explicit null where a value is needed; leave the field out to keep the stored value.",
  OUT_OF_RANGE: "Outside the allowed range.",
  REQUIRED: "Missing or empty.",
  TOO_LONG: "Longer than allowed.",
} satisfies Record<Issue["code"], string>);
const ResourceKind = enumOf("ResourceKind", "Kinds of objects that can be looked up by id.", {
  ACCESS_TOKEN: "An access token.",
  MEETING: "A meeting.",
  RECORDING: "A recording.",
  SESSION: "A session.",
} satisfies Record<Resource, string>);

@InterfaceType({
  description: [
    "A failure the caller can act on. Select it in every mutation with `... on UserError { code message }`:",
    "error types added later are then still handled.",
  ].join("\n"),
})
export abstract class UserError {
  constructor(
    private readonly reason: MutationCode,
    private readonly sentences: string[],
  ) {}

  @Plain(() => UserErrorCode, { description: "Stable machine-readable code. Branch on this, never on `message`." })
  get code(): MutationCode {
    return this.reason;
  }

  @Plain(() => String, { description: "Summary in the negotiated language, safe to show to an end user." })
  get message(): string {
    return this.sentences[0] ?? this.reason;
  }

  @Plain(() => [String], {
    description: "Every message of this failure in the negotiated language; at least one. `message` is the first.",
  })
  get messages(): string[] {
    return this.sentences;
  }
}

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

@ObjectType({ implements: UserError, description: "The conference engine failed." })
export class EngineError extends UserError {
  constructor(
    private readonly again: boolean,
    message: string,
  ) {
    super("ENGINE_FAILED", [message]);
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
} satisfies Record<MutationCode, ClassType<UserError>>;
