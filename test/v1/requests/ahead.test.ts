import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { tenSettings } from "../../helpers/meetings.js";
import { rawLine } from "../../helpers/raw.js";
import { logged, read, twins, written } from "../../graphql/run/twins.js";
import { NOBODY, raw } from "../calls.js";
import { heard, openBeside } from "../../helpers/beside.js";

/** One server answers ordinary calls before the framework makes anything of them, the other one never. */
const ways = [{ isDirect: true }, { isDirect: false }] as const;

type Both = readonly Gateway[];
type Sent = NonNullable<Parameters<typeof raw>[3]>;

/** Sends it to both, and compares status, headers and text. */
async function same(both: Both, method: string, path: string, sent: Sent = {}, known = read) {
  const [one, other] = await Promise.all(
    both.map(async (gateway) => {
      const { status, headers, text } = await raw(gateway, method, `/api/v1/${path}`, sent);
      const { date: _, "ratelimit-reset": __, ...others } = Object.fromEntries(headers);
      if (status !== 304) expect(others["content-length"]).toBe(String(Buffer.byteLength(text)));
      // A second may begin between the two.
      if (others["retry-after"]) others["retry-after"] = "some seconds";
      // Of what was just made, the ids differ, and with them the tag.
      if (known !== read) for (const name of ["content-length", "etag"]) delete others[name];
      return { method, path, sent, status, headers: others, text: known(text).replace(/in \d+ seconds/, "soon") };
    }),
  );
  expect(one).toEqual(other);
  return one?.status;
}

const json = (body: unknown, headers: Record<string, string> = {}): Sent => ({
  body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});

test("a call that is answered before the framework is answered to the byte as behind it, and logged alike", async () => {
  const { both, known } = await twins(ways);
  const { meetingId, sessionId } = known;
  const title = { title: "اجتماع", meeting_setting: tenSettings() };
  const reads = ["list_meetings", "list_general_meeting_setting", "list_setting", "list_sessions", "get_record"];
  for (const path of [...reads, "list_attendance", "end_meeting", "nowhere", "list_meetings/x"]) {
    for (const query of ["", "?", `?meeting_id=${meetingId}`, `?session_id=${sessionId}`, `?meeting_id=${NOBODY}`]) {
      for (const headers of [{}, { "accept-language": "ar" }, { license: "vc_wrong" }, { "if-none-match": "*" }]) {
        if (path !== "end_meeting" || query.includes(NOBODY)) await same(both, "GET", path + query, { headers });
      }
    }
  }
  for (const path of [
    `list_setting/?meeting_id=${meetingId.toUpperCase()}`,
    `list_setting?meeting_id=${meetingId}&meeting_id=${meetingId}`,
    `list_setting?meeting_id=${meetingId}&x=%zz`,
    "list_setting?meeting_id=5",
    "list_setting?meeting_id=abc-def",
    "list%5Fmeetings",
    "list_meetings?a#b",
    "LIST_MEETINGS",
  ]) {
    for (const method of ["GET", "HEAD", "POST", "DELETE"]) {
      if (method !== "HEAD") await same(both, method, path);
    }
  }
  const join = { meeting_id: meetingId, fullname: "Noor", role: "viewer" };
  const bodies: [method: string, path: string, sent: Sent][] = [
    ["POST", "create_meeting/", json(title)],
    ["POST", "create_meeting", json(title, { "content-type": "application/json; charset=utf-8" })],
    ["POST", "create_meeting", json(title, { "idempotency-key": "one" })],
    ["POST", "create_meeting", json(title, { "idempotency-key": "one" })],
    ["POST", "create_meeting", json({ ...title, title: "Other" }, { "idempotency-key": "one" })],
    ["POST", "create_meeting", json(title, { "content-type": "text/plain" })],
    ["POST", "create_meeting", json(title, { "transfer-encoding": "chunked" })],
    ["POST", "create_meeting", json({})],
    ["POST", "create_meeting", json("[]")],
    ["POST", "create_meeting", json("")],
    ["POST", "create_meeting", json("{")],
    ["POST", "create_meeting", json(`\ufeff${JSON.stringify(title)}`)],
    ["POST", "create_meeting", json(`${JSON.stringify(title).slice(0, -1)},}`)],
    ["POST", "create_meeting", json(Buffer.from([0x22, 0xff, 0x22]))],
    ["POST", "create_meeting", json({ ...title, welcome_text: "x".repeat(40_000) })],
    ["POST", "create_meeting", json({ ...title, welcome_text: "x".repeat(80_000) })],
    ["POST", "create_meeting", {}],
    ["PUT", `update_meeting?meeting_id=${meetingId}`, json({ ...title, title: "Renamed" })],
    ["PUT", `update_meeting?meeting_id=${NOBODY}`, json(title)],
    ["POST", "join_meeting", json(join)],
    ["POST", "start_meeting", json(join)],
    ["POST", "join_meeting", json({ ...join, role: "nobody", fullname: " " })],
    ["POST", "start_meeting/", json({ meeting_id: meetingId, moderator_name: "Ms. Noor" })],
    ["POST", "join_meeting/", json(join)],
    ["POST", "end_meeting", json({ meeting_id: meetingId })],
    ["GET", `end_meeting?meeting_id=${meetingId}`, {}],
    ["DELETE", `delete_scheduled_meeting?meeting_id=${meetingId}`, {}],
    ["DELETE", `delete_scheduled_meeting?meeting_id=${meetingId}`, {}],
    ["GET", "list_meetings", {}],
  ];
  const statuses = new Set<number | undefined>();
  for (const [method, path, sent] of bodies) statuses.add(await same(both, method, path, sent, written));
  expect([...statuses].toSorted()).toEqual([200, 201, 400, 404, 413, 415]);
  await expect.poll(() => logged(both[0])).toEqual(logged(both[1]));
});

test("what can't be done fails as it does behind the framework, is paid once, and has one id in answer and log", async () => {
  const { both } = await twins([
    { isDirect: true, env: { CALLS_PER_MINUTE: "12" } },
    { isDirect: false, env: { CALLS_PER_MINUTE: "12" } },
  ]);
  const body = { meeting_setting: tenSettings() };
  await same(both, "GET", "list_meetings");
  const files = both.map((gateway) => openBeside(gateway));
  for (const file of files) file.exec("BEGIN IMMEDIATE");
  expect(await same(both, "POST", "create_meeting", json(body))).toBe(503);
  for (const file of files) file.exec("ROLLBACK; ALTER TABLE meetings RENAME TO gone; UPDATE licenses SET name = name");
  for (const gateway of both) await heard(gateway);
  for (const [method, path, sent] of [
    ["GET", "list_meetings"],
    ["POST", "create_meeting", json(body)],
  ] as const) {
    expect(await same(both, method, path, sent)).toBe(500);
    const { text } = await raw(both[0], method, `/api/v1/${path}`, sent);
    const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0] ?? "none";
    await expect
      .poll(() => both[0]?.log())
      .toMatch(new RegExp(`"reqId":"${id}"[^\n]*"msg":"${method} /api/v1/${path} 500`));
    await raw(both[1], method, `/api/v1/${path}`, sent);
  }
  for (const file of files) file.exec("ALTER TABLE gone RENAME TO meetings");
  const statuses: unknown[] = [];
  for (let at = 0; at < 8; at += 1) statuses.push(await same(both, "POST", "create_meeting", json(body), written));
  expect(statuses).toEqual([...Array(6).fill(201), 429, 429]);
});

test("a body that comes late, and answers behind one another on one line, are as they were", async () => {
  const gateway = await boot();
  await raw(gateway, "GET", "/api/v1/list_meetings");
  const line = await rawLine(gateway.url);
  const body = JSON.stringify({ meeting_setting: tenSettings() });
  const head = `host: x\r\nlicense: ${gateway.key}\r\n`;
  const post = `POST /api/v1/create_meeting HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const list = `GET /api/v1/list_meetings HTTP/1.1\r\n${head}\r\n`;
  line.write(post + body.slice(0, 10));
  await raw(gateway, "GET", "/api/v1/list_general_meeting_setting");
  line.write(body.slice(10) + list + post + body + list);
  expect(await line.statuses(4)).toEqual([201, 200, 201, 200]);
  const { body: listed } = await raw(gateway, "GET", "/api/v1/list_meetings");
  expect(listed.data).toHaveLength(2);
});
