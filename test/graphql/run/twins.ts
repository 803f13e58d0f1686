import type { GraphQLSchema } from "graphql";
import { expect } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type BootOptions, type Gateway } from "../../helpers/boot.js";
import { copyOf } from "../../helpers/databases.js";
import { newMeeting, newToken } from "../ask.js";
import { furnished } from "../furnished.js";
import type { Sent } from "./corpus.js";

/** What a server is started with besides. */
type Ways = Pick<BootOptions, "compiledFrom" | "isDirect" | "env">;

/** Two servers on copies of the same data that answer in two ways. */
export async function twins(ways: readonly [Ways, Ways], schemaOf: () => GraphQLSchema = buildGraph) {
  const first = await boot();
  const known = await furnished(first, "Algebra");
  for (const title of ["Biology", "Chemistry", "الجبر"]) await newMeeting(first, { title });
  const token = await newToken(first, ["MEETINGS_READ", "MEETINGS_WRITE"]);
  await first.stop();
  const folder = await copyOf(first.folder);
  const one = await boot({ folder: first.folder, schema: schemaOf(), ...ways[0] });
  const other = await boot({ folder, schema: schemaOf(), ...ways[1] });
  const license = { license: first.key };
  return { both: [one, other] as const, known, license, token: token.call.headers ?? {} };
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Without what two servers can't have alike: the ids of requests. */
export const read = (text: string): string => text.replaceAll(/("requestId":"|Request id: )[0-9a-f-]+/g, "$1");

/** Nor the ids, the times and the links of what was just made. */
export function written(text: string): string {
  const seen: string[] = [];
  const number = (id: string) => (seen.includes(id) ? seen.indexOf(id) : seen.push(id) - 1);
  return read(text)
    .replaceAll(/http:[^"]+/g, "link")
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, "time")
    .replaceAll(uuid, (id) => `id ${number(id)}`);
}

export type Sending = (gateway: Gateway) => Promise<Response>;

export const graphql =
  ({ query, variables, operationName }: Sent, headers: Record<string, string>): Sending =>
  ({ url }) =>
    fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "accept-language": "en", "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables, operationName }),
    });

/** Sends it to both and compares. @returns what both said */
export async function same(both: readonly Gateway[], name: string, send: Sending, known = read): Promise<string> {
  const answers = await Promise.all(
    both.map(async (gateway) => {
      const { status, headers, bytes, ...response } = await send(gateway).then(async (it) => {
        const text = await it.text();
        return { status: it.status, headers: it.headers, bytes: Buffer.byteLength(text), text: known(text) };
      });
      const { date: _, "ratelimit-reset": __, ...others } = Object.fromEntries(headers);
      if (others["content-length"] === String(bytes)) others["content-length"] = "its own";
      // A second may begin between the two.
      if (others["retry-after"]) others["retry-after"] = "some seconds";
      return { name, status, headers: others, ...response };
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  return answers[0]?.text ?? "";
}

/** What it has logged of its requests, without what two servers can't have alike. */
export const logged = (gateway: Gateway): string[] =>
  gateway
    .log()
    .split("\n")
    .flatMap((line) => /"msg":"((?:GET|POST|PUT|DELETE|HEAD) [^"]*)"/.exec(line)?.[1]?.replace(/\d+ ms/, "ms") ?? [])
    .toSorted();
