import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type BootOptions, boot, type Gateway, temporaryFolder } from "../../helpers/boot.js";
import { doors, type Heard } from "../live/clients.js";

/** What a client's build has found, by name. */
export const documents = {
  Who: "query Who { license { name } }",
  One: "query One($id: ID!) { meeting(id: $id) { title } }",
  Make: "mutation Make($input: CreateMeetingInput!) { createMeeting(input: $input) { __typename } }",
  Starts: "subscription Starts { sessionStarted { session { id } } }",
  Two: "query Two { license { name } } query Other { license { keyHint } }",
  Schema: "query Schema { __schema { queryType { name } } }",
};
export type Name = keyof typeof documents;

const hashed = (algorithm: string) => (text: string) => createHash(algorithm).update(text).digest("hex");
export const sha256 = hashed("sha256");

/** As each maker's tool names and writes them. */
export const formats = {
  Apollo: {
    idOf: (name: Name) => sha256(documents[name]),
    content: {
      format: "apollo-persisted-query-manifest",
      version: 1,
      operations: Object.entries(documents).map(([name, body]) => ({
        id: sha256(body),
        name,
        type: body.split(" ", 1)[0],
        body,
      })),
    },
  },
  Relay: {
    idOf: (name: Name) => hashed("md5")(documents[name]),
    content: Object.fromEntries(Object.values(documents).map((text) => [hashed("md5")(text), text])),
  },
};
export type Format = keyof typeof formats;

/** A file with this in it; a text is written as it is. */
export function manifestFile(content: unknown): string {
  const path = `${temporaryFolder()}/manifest.json`;
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** A server with a manifest. */
export const bootTrusted = (format: Format, env: Record<string, string> = {}, options: BootOptions = {}) =>
  boot({ ...options, env: { TRUSTED_DOCUMENTS: manifestFile(formats[format].content), ...env } });

export const bootOnly = (format: Format = "Apollo", env: Record<string, string> = {}) =>
  bootTrusted(format, { TRUSTED_DOCUMENTS_ONLY: "on", ...env });

/** The ways in which clients name an operation. */
export const spellings: [name: string, asked: (id: string) => Record<string, unknown>][] = [
  [
    "extensions.persistedQuery.sha256Hash",
    (id) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } }),
  ],
  ["documentId", (documentId) => ({ documentId })],
  ["documentId with sha256:", (id) => ({ documentId: `sha256:${id}` })],
  ["id", (id) => ({ id, query: null })],
  ["doc_id", (doc_id) => ({ doc_id, query: "" })],
];

export const post = (gateway: Gateway, body: unknown, path = "/graphql") =>
  send(`${gateway.url}${path}`, {
    method: "POST",
    headers: { license: gateway.key, "content-type": "application/json", "accept-language": "en" },
    body: JSON.stringify(body),
  });

/** Values that are no text are sent as JSON, as GraphQL over HTTP says. */
export function get(gateway: Gateway, asked: Record<string, unknown>, headers: Record<string, string> = {}) {
  const given = Object.entries(asked).filter(([, value]) => value !== null);
  const parameters = given.map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const address = `${gateway.url}/graphql?${new URLSearchParams(parameters).toString()}`;
  return send(address, { headers: { license: gateway.key, "accept-language": "en", ...headers } });
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
async function send(url: string, init: RequestInit): Promise<{ status: number; allow: string | null; body: any }> {
  const response = await fetch(url, init);
  return { status: response.status, allow: response.headers.get("allow"), body: await response.json() };
}

export const every = Object.entries(doors).map(([door, open]) => ({ door, open }));

export const codeOf = ({ status, body }: { status: number; body: { errors?: { extensions: { code: string } }[] } }) => [
  status,
  body.errors?.[0]?.extensions.code,
];
export const notFound = [200, "PERSISTED_QUERY_NOT_FOUND"];
export const refused = [400, "PERSISTED_QUERY_ID_REQUIRED"];

/** The libraries' clients send whatever stands beside the text; the text itself they want. */
export const hear = (open: (typeof doors)["WebSocket"], gateway: Gateway, asked: object): Heard =>
  open(gateway, { license: gateway.key }, { query: "", ...asked });

export const settled = () => new Promise((resolve) => setTimeout(resolve, 150));
