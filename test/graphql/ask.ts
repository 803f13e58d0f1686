import { settingList } from "../../src/domain/settings.js";
import type { Gateway, V1Call } from "../helpers/boot.js";

const members = {
  createMeeting: ["InvalidInputError", "LimitReachedError", "IdempotencyError"],
  updateMeeting: ["InvalidInputError", "NotFoundError"],
  startMeeting: [
    "InvalidInputError",
    "NotFoundError",
    "InvalidPasswordError",
    "TooManyAttemptsError",
    "MeetingStateError",
    "LimitReachedError",
    "EngineError",
    "IdempotencyError",
  ],
  joinMeeting: [
    "InvalidInputError",
    "NotFoundError",
    "InvalidPasswordError",
    "TooManyAttemptsError",
    "MeetingStateError",
    "LimitReachedError",
    "EngineError",
  ],
  endMeeting: ["InvalidInputError", "NotFoundError", "MeetingStateError", "EngineError"],
  deleteMeeting: ["InvalidInputError", "NotFoundError", "MeetingStateError"],
  updateGeneralMeetingSettings: ["InvalidInputError"],
  updateRecording: ["InvalidInputError", "NotFoundError", "RecordingStateError", "EngineError"],
  deleteRecording: ["InvalidInputError", "NotFoundError", "EngineError"],
  createAccessToken: ["InvalidInputError", "NotFoundError"],
  revokeAccessToken: ["InvalidInputError", "NotFoundError"],
  removePerson: ["InvalidInputError", "NotFoundError", "SessionStateError", "EngineError"],
  setPersonRole: ["InvalidInputError", "NotFoundError", "SessionStateError", "EngineError"],
  updateSessionSettings: ["InvalidInputError", "NotFoundError", "SessionStateError", "EngineError"],
} as const;
export type MutationName = keyof typeof members;

const allSwitches = settingList.map(({ name }) => name).join(" ");
const meetingFields = `id title moderatorPassword welcomeText isRunning createdAt updatedAt settings { ${allSwitches} }`;
const sessionFields = `id title status startedAt endedAt attendeePassword logoutUrl moderatorName meeting { id }`;

const recordingFields = `id status isPublished playbackUrl hasTemporaryUrls durationSeconds sizeBytes startedAt endedAt
  formats { type url durationSeconds sizeBytes thumbnailUrls }`;

const success: Record<MutationName, string> = {
  createMeeting: `meeting { ${meetingFields} }`,
  updateMeeting: `meeting { ${meetingFields} }`,
  startMeeting: `isNew joinUrl session { ${sessionFields} }`,
  joinMeeting: `joinUrl session { ${sessionFields} }`,
  endMeeting: `session { ${sessionFields} }`,
  deleteMeeting: "deletedMeetingId",
  updateGeneralMeetingSettings: `settings { ${allSwitches} }`,
  updateRecording: `recording { ${recordingFields} }`,
  deleteRecording: "deletedRecordingId",
  createAccessToken: "tokenId token scopes expiresAt",
  revokeAccessToken: "tokenId",
  removePerson: "attendance { id fullName role leftAt removedAt }",
  setPersonRole: "attendance { id fullName role leftAt removedAt }",
  updateSessionSettings: `session { ${sessionFields} settings { ${allSwitches} } }`,
};

const own: Record<string, string> = {
  InvalidInputError: "issues { path code message }",
  NotFoundError: "resource",
  SessionStateError: "session { id status }",
  MeetingStateError: "meeting { id isRunning }",
  RecordingStateError: "recording { id status }",
  LimitReachedError: "limit",
  EngineError: "retryable",
  TooManyAttemptsError: "retryAfterSeconds",
};

const typeName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function documentOf(name: MutationName): string {
  const errors = members[name]
    .filter((member) => own[member])
    .map((member) => `... on ${member} { ${own[member]} }`)
    .join(" ");
  return `mutation ($input: ${typeName(name)}Input!) { ${name}(input: $input) {
    __typename ... on UserError { code message messages } ${errors}
    ... on ${typeName(name)}Success { ${success[name]} } } }`;
}

/** Runs one mutation and gives its union member, with everything that member has. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
export async function mutate(gateway: Gateway, name: MutationName, input: object, call: V1Call = {}): Promise<any> {
  const body = { query: documentOf(name), variables: { input } };
  const answer = await gateway.graphql("", {}, { method: "POST", body, ...call });
  if (answer.body.errors || answer.status !== 200) throw new Error(`${name}: ${JSON.stringify(answer.body)}`);
  return answer.body.data[name];
}

/** Runs a query that must succeed and gives its data. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export async function ask(gateway: Gateway, query: string, variables: object = {}, call: V1Call = {}): Promise<any> {
  const answer = await gateway.graphql("", {}, { method: "POST", body: { query, variables }, ...call });
  if (answer.body.errors || answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.data;
}

export const switches = (value: boolean, but: object = {}): Record<string, boolean> => ({
  ...Object.fromEntries(settingList.map(({ name }) => [name, value])),
  ...but,
});

/** A meeting, its id. */
export const newMeeting = async (gateway: Gateway, input: object = {}, call: V1Call = {}): Promise<string> =>
  (await mutate(gateway, "createMeeting", input, call)).meeting.id;

/** Starts it: the moderator's link and the session's id. */
export async function start(gateway: Gateway, meetingId: string, input: object = {}, call: V1Call = {}) {
  const started = await mutate(gateway, "startMeeting", { meetingId, moderatorName: "Mod", ...input }, call);
  return { joinUrl: started.joinUrl as string, sessionId: started.session.id as string };
}

/** Shows a token in place of the license's key. */
export const bearer = (token: string): V1Call => ({ key: null, headers: { authorization: `Bearer ${token}` } });

/** A token of the license, its id, and the call that shows it. */
export async function newToken(gateway: Gateway, scopes: readonly string[], input: object = {}, call: V1Call = {}) {
  const made = await mutate(gateway, "createAccessToken", { scopes, ...input }, call);
  return {
    token: made.token as string,
    tokenId: made.tokenId as string,
    expiresAt: new Date(made.expiresAt),
    call: bearer(made.token),
  };
}

/** Tokens by their scopes, each made once. */
export function tokens(gateway: Gateway) {
  const made = new Map<string, Promise<{ call: V1Call }>>();
  return async (...scopes: string[]): Promise<V1Call> => {
    const name = scopes.join();
    const known = made.get(name) ?? newToken(gateway, scopes);
    made.set(name, known);
    return (await known).call;
  };
}

/** Status, data, and of each error its code and where it stands. */
export async function outcome(gateway: Gateway, query: string, variables: object = {}, call: V1Call = {}) {
  const answer = await gateway.graphql("", {}, { method: "POST", body: { query, variables }, language: "en", ...call });
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  const errors: any[] = answer.body.errors ?? [];
  return {
    status: answer.status,
    data: answer.body.data,
    codes: errors.map(({ extensions, path }) => [extensions.code, ...(path ?? [])].join(".")),
    messages: errors.map(({ message }) => message as string),
    errors,
    headers: answer.headers,
  };
}
