import type { MutationCode } from "../../src/domain/refusal.js";
import { v1Name } from "../../src/v1/errors.js";
import type { Gateway, V1Answer, V1Call } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";

export type Input = Record<string, unknown>;

/** What a mutation said no with. */
export interface Told {
  __typename: string;
  code: MutationCode;
  messages: string[];
}

/** Calls the mutation as a client does that knows none of its error classes. */
export async function overTheGraph(gateway: Gateway, mutation: string, input: Input, call: V1Call): Promise<Told> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) {
    answer: ${mutation}(input: $input) { __typename ... on UserError { code messages } } }`;
  const { body } = await gateway.graphql(query, { input }, call);
  if (!body.data?.answer) throw new Error(JSON.stringify(body));
  return body.data.answer;
}

const v1Names: Record<string, string> = { fullName: "fullname" };

/** The input's values under v1's names, its role as v1 spells it. */
const bodyOf = ({ meetingId, idempotencyKey: _key, ...texts }: Input) => ({
  ...(meetingId !== undefined && { meeting_id: meetingId }),
  ...Object.fromEntries(Object.entries(texts).map(([name, value]) => [v1Names[name] ?? v1Name(name), value])),
  ...(typeof texts["role"] === "string" && { role: texts["role"].toLowerCase() }),
});

const byId = (path: string, { meetingId }: Input) => `${path}?meeting_id=${String(meetingId)}`;
const withSettings = (input: Input) => ({ ...bodyOf(input), meeting_setting: tenSettings() });

/** The mutations that v1 has too. */
const v1Routes: Record<string, (input: Input) => [path: string, call: V1Call]> = {
  createMeeting: (input) => ["create_meeting", { method: "POST", body: withSettings(input) }],
  updateMeeting: (input) => [byId("update_meeting", input), { method: "PUT", body: withSettings(input) }],
  startMeeting: (input) => ["start_meeting", { method: "POST", body: bodyOf(input) }],
  joinMeeting: (input) => ["join_meeting", { method: "POST", body: bodyOf(input) }],
  endMeeting: (input) => [byId("end_meeting", input), {}],
  deleteMeeting: (input) => [byId("delete_scheduled_meeting", input), { method: "DELETE" }],
};

/** Calls the route that is this mutation in v1; undefined where v1 has none. */
export async function overV1(
  gateway: Gateway,
  mutation: string,
  input: Input,
  call: V1Call,
): Promise<V1Answer | undefined> {
  const [path, own] = v1Routes[mutation]?.(input) ?? [];
  if (path === undefined) return undefined;
  const key = input["idempotencyKey"];
  const headers = typeof key === "string" ? { headers: { "idempotency-key": key } } : {};
  return gateway.v1(path, { ...headers, ...own, ...call });
}
