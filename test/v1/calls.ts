import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { expect } from "vitest";
import type { Gateway, V1Answer, V1Call } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting, tenSettings } from "../helpers/meetings.js";
import { tablesInOrder } from "../../src/storage/copy/tables.js";
import { openBeside } from "../helpers/beside.js";

/** Well formed, and nobody's. */
export const NOBODY = "01234567-89ab-7def-8123-456789abcdef";

/** English, so that a test's reader sees what is said. */
export const english = { language: "en" } as const;

/** The answer is the error envelope, whole and to the byte, with these sentences. */
export function expectRefusal(answer: Pick<V1Answer, "status" | "text">, status: number, ...sentences: string[]): void {
  expect(answer.text).toBe(
    JSON.stringify({ status: false, status_code: status, message: "error", error_messages: sentences }),
  );
  expect(answer.status).toBe(status);
}

/** The sentences of an answer that must be a refusal with this status. */
export function sentencesOf(answer: V1Answer, status: number): string[] {
  const { error_messages: sentences } = answer.body ?? {};
  expectRefusal(answer, status, ...(Array.isArray(sentences) ? sentences : [`no envelope: ${answer.text}`]));
  return sentences;
}

/** One of the two envelopes, complete and in order (envelope-1, envelope-2). */
export function expectEnvelope({ status, body, text }: V1Answer): void {
  const keys = [
    "status",
    "status_code",
    "message",
    ...(body?.status ? ["data", "success_message"] : ["error_messages"]),
  ];
  expect(Object.keys(body ?? {}), text.slice(0, 200)).toEqual(keys);
  expect(body).toMatchObject({ status_code: status, message: body.status ? "success" : "error" });
  if (!body.status) expect(body.error_messages.length).toBeGreaterThan(0);
}

export const post = (gateway: Gateway, path: string, body: unknown, call: V1Call = {}): Promise<V1Answer> =>
  gateway.v1(path, { method: "POST", body, ...english, ...call });

export const put = (gateway: Gateway, path: string, body: unknown, call: V1Call = {}): Promise<V1Answer> =>
  gateway.v1(path, { method: "PUT", body, ...english, ...call });

export const get = (gateway: Gateway, path: string, call: V1Call = {}): Promise<V1Answer> =>
  gateway.v1(path, { ...english, ...call });

/** A request as `fetch` would never send it: any method, any header, any bytes. */
export function raw(
  gateway: Gateway,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string | string[]>; body?: Buffer | string } = {},
): Promise<V1Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    // Node leaves the length out where a method usually has no body.
    const length = body !== undefined &&
      !("transfer-encoding" in headers) && { "content-length": Buffer.byteLength(body) };
    const all = { license: gateway.key, "accept-language": "en", ...length, ...headers };
    const sent = request({ hostname, port, method, path, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const received = new Headers();
        for (const [name, value] of Object.entries(response.headers)) received.set(name, String(value));
        const isJson = String(response.headers["content-type"]).includes("json") && text !== "";
        resolve({
          status: response.statusCode ?? 0,
          headers: received,
          text,
          body: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The twelve routes: how each is called so that it succeeds on a running meeting (delete aside: it must not run). */
export const twelve = (meetingId: string, sessionId: string): [method: string, path: string, body?: object][] => [
  ["POST", "create_meeting", { meeting_setting: tenSettings() }],
  ["PUT", `update_meeting?meeting_id=${meetingId}`, { meeting_setting: tenSettings(true) }],
  ["POST", "start_meeting", { meeting_id: meetingId, moderator_name: "mod1" }],
  ["POST", "join_meeting", { meeting_id: meetingId, fullname: "John Doe", role: "viewer" }],
  ["GET", `list_sessions?meeting_id=${meetingId}`],
  ["GET", "list_meetings"],
  ["GET", `list_attendance?session_id=${sessionId}`],
  ["GET", `list_setting?meeting_id=${meetingId}`],
  ["GET", "list_general_meeting_setting"],
  ["GET", `get_record?session_id=${sessionId}`],
  ["GET", `end_meeting?meeting_id=${meetingId}`],
  ["DELETE", `delete_scheduled_meeting?meeting_id=${meetingId}`],
];

/** So many rows like the one there is, with ids of their own; what `more` gives is SQL, in which `i` is their number. */
export function multiply(
  gateway: Pick<Gateway, "folder">,
  table: string,
  count: number,
  more: Record<string, string> = {},
): void {
  const database = openBeside(gateway);
  const columns =
    tablesInOrder()
      .find(({ name }) => name === table)
      ?.columns.map(({ name }) => name) ?? [];
  const values = columns.map((name) =>
    name === "id" ? "printf('ffffffff-0000-7000-8000-%012d', i)" : (more[name] ?? name),
  );
  database.exec(`INSERT INTO ${table} (${columns.join()}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < ${count}) SELECT ${values.join()} FROM n, (SELECT * FROM ${table} LIMIT 1) AS one`);
  database.close();
}

/** A recording as an engine would leave it: no engine of ours makes any yet. */
export function insertRecording(gateway: Gateway, sessionId: string, more: Record<string, unknown> = {}): void {
  const database = openBeside(gateway);
  const owner = database.prepare("SELECT license_id FROM sessions WHERE id = ?").pluck().get(sessionId);
  const now = Date.now();
  const row = {
    id: randomUUID(),
    license_id: owner,
    session_id: sessionId,
    engine: "test",
    engine_recording_id: sessionId,
    status: "READY",
    is_published: 1,
    playback_url: "https://vconnct-client-api.com/playback/1",
    created_at: now,
    updated_at: now,
    ...more,
  };
  const names = Object.keys(row);
  const holes = names.map((name) => `@${name}`);
  database.prepare(`INSERT INTO recordings (${names.join(", ")}) VALUES (${holes.join(", ")})`).run(row);
  database.close();
}

/** A running meeting, its session and two links. */
export async function runningMeeting(gateway: Gateway, create: object = {}, start: object = {}, call: V1Call = {}) {
  const meetingId = await createMeeting(gateway, create, call);
  const moderatorLink = await startMeeting(gateway, meetingId, start, call);
  const sessionId = new URL(moderatorLink).searchParams.get("sessionID") ?? "";
  const join = (name: string, body: object = {}) => joinMeeting(gateway, meetingId, name, body, call);
  return { meetingId, sessionId, moderatorLink, join };
}
