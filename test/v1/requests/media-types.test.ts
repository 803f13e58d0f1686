import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, tenSettings } from "../../helpers/meetings.js";
import { expectRefusal, get, raw, runningMeeting } from "../calls.js";

const good = JSON.stringify({ title: "A", meeting_setting: tenSettings() });
const notJson = "The request body is not valid JSON.";

const create = (gateway: Gateway, body: string | Buffer, type = "application/json") =>
  raw(gateway, "POST", "/api/v1/create_meeting/", { body, headers: { "content-type": type } });

test("body-3, error-2: a content type that is another one, or none at all but noise, gets 415", async () => {
  const gateway = await boot();
  const others = ["text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "+json"];
  const noise = ["", "nonsense", ";;;", "a/b/c", "application/json, text/plain", "application/", "json"];
  for (const type of [...others, ...noise]) {
    const answer = await create(gateway, good, type);
    expect([type, answer.status]).toEqual([type, 415]);
    expectRefusal(answer, 415, "The request body must be JSON (Content-Type: application/json).");
  }
  for (const type of [
    "Application/JSON; charset=UTF-8",
    "application/json;",
    "application/a.b+c+json",
    "text/x.y+json",
  ]) {
    expect([type, (await create(gateway, good, type)).status]).toEqual([type, 201]);
  }
});

test("body-3: bytes that are no UTF-8 get 400: another encoding, half a character, a compressed body", async () => {
  const gateway = await boot();
  const latin = Buffer.from(good.replace('"A"', '"caf\u00e9"'), "latin1");
  const surrogate = Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]);
  for (const bytes of [latin, surrogate, gzipSync(good), Buffer.from([0xff])]) {
    expectRefusal(await create(gateway, bytes), 400, "The request body is not valid UTF-8 text.");
  }
  // UTF-16 of Latin letters is UTF-8 too, full of NULs.
  expectRefusal(await create(gateway, Buffer.from(good, "utf16le")), 400, notJson);
  expect((await create(gateway, good.replace('"A"', '"اجتماع 🙂"'))).body.data.title).toBe("اجتماع 🙂");
});

test("body-3: a body that breaks off on its way changes nothing", async () => {
  const gateway = await boot();
  const { hostname, port } = new URL(gateway.url);
  const head = `POST /api/v1/create_meeting/ HTTP/1.1\r\nhost: x\r\nlicense: ${gateway.key}\r\n`;
  const socket = connect(Number(port), hostname);
  socket.end(`${head}content-type: application/json\r\ncontent-length: ${good.length + 1}\r\n\r\n${good}`);
  await new Promise((resolve) => socket.on("close", resolve).resume());
  expect((await get(gateway, "list_meetings/")).body.data).toEqual([]);
});

test("body-2: a body that is no object gets 400, also where the route needs none", async () => {
  const gateway = await boot();
  const { meetingId } = await runningMeeting(gateway);
  const idle = await createMeeting(gateway);
  const acts: [string, string][] = [
    ["POST", "create_meeting/"],
    ["PUT", `update_meeting/?meeting_id=${idle}`],
    ["POST", "start_meeting/"],
    ["POST", "join_meeting/"],
    ["POST", `end_meeting/?meeting_id=${meetingId}`],
    ["DELETE", `delete_scheduled_meeting/?meeting_id=${idle}`],
  ];
  for (const [method, path] of acts) {
    for (const body of ["null", "[]", "[{}]", '"text"', "1", "true", "[1,]"]) {
      const headers = { "content-type": "application/json" };
      const answer = await raw(gateway, method, `/api/v1/${path}`, { body, headers });
      expectRefusal(answer, 400, "The request body must be a JSON object.");
    }
  }
  expect((await get(gateway, "list_meetings/")).body.data).toMatchObject([{ is_running: true }, { is_running: false }]);
});

test("body-2: __proto__ is ignored by the lenient parser too", async () => {
  const gateway = await boot();
  const settings = JSON.stringify(tenSettings());
  const answer = await create(gateway, `{"meeting_setting":${settings},"__proto__":{"title":5,"welcome_text":"w"},}`);
  expect([answer.status, answer.body.data?.title, answer.body.data?.welcome_text]).toEqual([201, "", ""]);
  const inherited = `{"__proto__":{"meeting_setting":${settings}},}`;
  expectRefusal(await create(gateway, inherited), 400, "meeting_setting is required.");
});

test("body-1: a trailing comma does not open the door to anything else strict JSON refuses", async () => {
  const gateway = await boot();
  const inside = (value: string) => good.replace('"A"', value).replace(/\}$/, ",}");
  const values = ["A", "01", ".5", "1.", "+1", "0x10", "1e", "-", '"\t"', '"a\nb"', '"\\x41"', '"\\u12"', "undefined"];
  const around = [`${good},`, `\u00a0${good}`, `${good}${good}`, good.replace(/\}$/, ",,}"), `{,${good.slice(1)}`];
  for (const body of [...values.map(inside), ...around, good.slice(0, -1), "[,]", ",", " ", "\u0000"]) {
    const answer = await create(gateway, body);
    expect([body, answer.status]).toEqual([body, 400]);
    expectRefusal(answer, 400, notJson);
  }
  expect((await get(gateway, "list_meetings/")).body.data).toEqual([]);
});

test("body-4, error-2: bytes are counted, with and without a length told", async () => {
  const gateway = await boot();
  const filled = (size: number, letter = "x") =>
    good.replace(/\}$/, `,"extra":"${letter.repeat((size - good.length - 11) / Buffer.byteLength(letter))}"}`);
  const most = 64 * 1024;
  expect(Buffer.byteLength(filled(most))).toBe(most);
  for (const chunked of [false, true]) {
    const headers = { "content-type": "application/json", ...(chunked && { "transfer-encoding": "chunked" }) };
    const send = (body: string) => raw(gateway, "POST", "/api/v1/create_meeting", { body, headers });
    expect((await send(filled(most))).status).toBe(201);
    for (const body of [filled(most + 1), filled(most + 2, "ا"), filled(5_000_000)]) {
      expectRefusal(await send(body), 413, "The request body is larger than 64 KiB.");
    }
  }
});
