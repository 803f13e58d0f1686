import { InterfaceType, registerEnumType } from "type-graphql";
import type { Issue, MutationCode, Resource } from "../domain/refusal.js";
import { Plain } from "./plain.js";

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
  NOT_SUPPORTED_BY_ENGINE: "The conference engine of this session can't do it while a session runs.",
  SESSION_NOT_RUNNING: "The session is not running.",
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
export const InputIssueCode = enumOf("InputIssueCode", "Why an input value was rejected.", {
  DUPLICATE: "Present more than once.",
  INVALID_FORMAT: "Not in the expected format.",
  NULL_NOT_ALLOWED: "Explicit null where a value is needed; leave the field out to keep the stored value.",
  OUT_OF_RANGE: "Outside the allowed range.",
  REQUIRED: "Missing or empty.",
  TOO_LONG: "Longer than allowed.",
} satisfies Record<Issue["code"], string>);
export const ResourceKind = enumOf("ResourceKind", "Kinds of objects that can be looked up by id.", {
  ACCESS_TOKEN: "An access token.",
  ATTENDANCE: "An attendance.",
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
