import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { EngineRefused, EngineUnavailable } from "../../../src/engine/engine.js";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { engineWith } from "../../helpers/test-engine.js";
import { createMeeting, tenSettings } from "../../helpers/meetings.js";
import { english, expectRefusal, get, post, runningMeeting } from "../calls.js";
import { openBeside } from "../../helpers/beside.js";

const engineFailed = "The conference engine could not do it. Try again in a moment.";
const engineRefused =
  "The conference engine could not do it, and trying again changes nothing: tell whoever runs this service.";
const unavailable = "The service is not available for a moment; nothing was changed. Try again shortly.";

test("error-2: a fault of ours gets 500 with a request id and nothing of our inside", async () => {
  const schema = buildGraph();
  const meetings = schema.getQueryType()?.getFields()["meetings"];
  if (!meetings) throw new Error("no meetings");
  const thrown: unknown[] = [new Error("SELECT secret FROM /home/x"), new TypeError("x is undefined"), "a text"];
  let next = 0;
  meetings.resolve = () => {
    throw thrown[next++];
  };
  const gateway = await boot({ schema });
  const ids = new Set<string>();
  for (const language of ["en", "en", "ar"]) {
    const answer = await get(gateway, "list_meetings/", { language });
    const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(answer.text)?.[0] ?? "";
    ids.add(id);
    const said =
      language === "en" ? "Something went wrong on our side. Request id: " : "حدث خطأ غير متوقع. رقم الطلب: ";
    expectRefusal(answer, 500, `${said}${id}.`);
  }
  expect(ids.size).toBe(3);
});

test("error-2: a fault outside the graph gets 500 the same way", async () => {
  const gateway = await boot();
  const database = openBeside(gateway);
  // The license is read before the graph runs: without its table nothing works.
  database.exec("ALTER TABLE licenses RENAME TO gone");
  const answer = await get(gateway, "list_meetings/");
  database.exec("ALTER TABLE gone RENAME TO licenses");
  database.close();
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(answer.text)?.[0] ?? "";
  expect(id).not.toBe("");
  expectRefusal(answer, 500, `Something went wrong on our side. Request id: ${id}.`);
});

test("error-2, sessions-2: an engine that can't open a room: 502, no session left open, and the next start works", async () => {
  const faults = [new EngineUnavailable("no answer from 10.0.0.1"), new EngineRefused("no"), new Error("a bug")];
  const gateway = await boot({
    openEngine: engineWith(() => ({
      async openRoom() {
        const fault = faults.shift();
        if (fault) throw fault;
        return null;
      },
    })),
  });
  const { key } = await gateway.license({ maxRunning: 1 });
  const meeting_id = await createMeeting(gateway, {}, { key });
  const start = () => post(gateway, "start_meeting/", { meeting_id, moderator_name: "A" }, { key });
  for (const said of [engineFailed, engineRefused, engineFailed]) expectRefusal(await start(), 502, said);
  expect((await get(gateway, "list_meetings/", { key })).body.data[0].is_running).toBe(false);
  expect((await start()).status).toBe(200);
  const { data } = (await get(gateway, `list_sessions/?meeting_id=${meeting_id}`, { key })).body;
  expect(data.map((row: { status: boolean }) => row.status)).toEqual([false, false, false, true]);
  const over = data.map((row: { session_end_time: string | null }) => row.session_end_time !== null);
  expect(over).toEqual([true, true, true, false]);
});

test("error-2: an engine that does not answer in time: 502", async () => {
  const never = new Promise<never>(() => {});
  const gateway = await boot({
    timings: { engineWait: 50 },
    openEngine: engineWith(() => ({ openRoom: () => never })),
  });
  const meeting_id = await createMeeting(gateway);
  expectRefusal(await post(gateway, "start_meeting/", { meeting_id, moderator_name: "A" }), 502, engineFailed);
});

test("error-2, end-1: an engine that can't close a room: 502, the meeting runs on, and ending it again works", async () => {
  let fails = true;
  const gateway = await boot({
    openEngine: engineWith((builtin) => ({
      async closeRoom(sessionId, cause) {
        if (fails) throw new EngineUnavailable("no answer");
        await builtin.closeRoom(sessionId, cause);
      },
    })),
  });
  const { meetingId, moderatorLink } = await runningMeeting(gateway);
  const end = () => get(gateway, `end_meeting/?meeting_id=${meetingId}`);
  expectRefusal(await end(), 502, engineFailed);
  expect((await get(gateway, "list_meetings/")).body.data[0].is_running).toBe(true);
  expect((await gateway.socket().enter(moderatorLink)).type).toBe("entered");
  fails = false;
  expect((await end()).status).toBe(200);
});

test("error-2: a database that can't take a write: 503 with Retry-After, nothing changed, reads go on", async () => {
  const gateway = await boot();
  const { meetingId } = await runningMeeting(gateway, { title: "before" });
  const idle = await createMeeting(gateway);
  const calls: [string, string, object?][] = [
    ["POST", "create_meeting/", { meeting_setting: tenSettings() }],
    ["PUT", `update_meeting/?meeting_id=${meetingId}`, { title: "after", meeting_setting: tenSettings() }],
    ["POST", "start_meeting/", { meeting_id: idle, moderator_name: "A" }],
    ["GET", `end_meeting/?meeting_id=${meetingId}`],
    ["DELETE", `delete_scheduled_meeting/?meeting_id=${idle}`],
  ];
  const before = await get(gateway, "list_meetings/");
  const other = openBeside(gateway);
  other.exec("BEGIN IMMEDIATE");
  for (const [method, path, body] of calls) {
    const answer = await gateway.v1(path, { method, body, ...english });
    expectRefusal(answer, 503, unavailable);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  }
  expect((await get(gateway, "list_meetings/")).text).toBe(before.text);
  other.exec("ROLLBACK");
  other.close();
  expect((await get(gateway, "list_meetings/")).text).toBe(before.text);
  const [create] = calls;
  expect((await post(gateway, "create_meeting/", create?.[2])).status).toBe(201);
});

/** A connection on which a request has begun: its first part is sent, the rest when the test says so. */
async function begun(gateway: Gateway, first: string) {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(first);
  let received = "";
  socket.on("data", (chunk) => (received += String(chunk)));
  const finish = async (rest: string) => {
    socket.write(rest);
    await once(socket, "close");
    const [head = "", text = ""] = received.split("\r\n\r\n");
    return { head, text, status: Number(head.split(" ")[1]) };
  };
  return finish;
}

test("error-2, language-2: while draining a new request gets 503 in its language, one in flight is finished", async () => {
  // As long as a busy machine needs to write the rest; no line stays open for it.
  const gateway = await boot({ timings: { lastRequests: 10_000 } });
  const body = JSON.stringify({ meeting_setting: tenSettings() });
  const json = `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const created = `POST /api/v1/create_meeting/ HTTP/1.1\r\nhost: x\r\nlicense: ${gateway.key}\r\n${json}`;
  const inFlight = await begun(gateway, created + body.slice(0, 5));
  const list = `GET /api/v1/list_meetings/ HTTP/1.1\r\nhost: x\r\nlicense: ${gateway.key}\r\n`;
  const late = [await begun(gateway, list), await begun(gateway, list)];
  // Answered only after what was written before it has been read.
  const before = await begun(gateway, `${list}connection: close\r\n\r\n`);
  expect((await before("")).text).toContain('"data":[]');

  const stopped = gateway.stop();
  const said = { en: unavailable, ar: "الخدمة غير متاحة مؤقتًا ولم يتغيّر شيء. حاول مرة أخرى بعد قليل." };
  for (const [language, sentence] of Object.entries(said)) {
    const answer = await late.shift()?.(`accept-language: ${language}\r\n\r\n`);
    expectRefusal(answer ?? { status: 0, text: "" }, 503, sentence);
    expect(answer?.head).toContain(`\r\ncontent-language: ${language}\r\n`);
    expect(answer?.head).toContain("\r\nvary: Accept-Language\r\n");
    expect(answer?.head).toMatch(/\r\nretry-after: \d+\r\n/);
    expect(answer?.head).toContain("\r\ncache-control: no-store\r\n");
  }
  expect((await inFlight(body.slice(5))).status).toBe(201);
  await stopped;
});

test("error-2: a database that fails while the caller is looked up is a 503 with Retry-After, not a fault of ours", async () => {
  const gateway = await boot();
  const { licenses } = gateway.opened.services.storage.read;
  licenses.findByKeyHash = () => Promise.reject(Object.assign(new Error("hunter2"), { code: "SQLITE_IOERR_READ" }));
  const answer = await get(gateway, "list_meetings");
  expectRefusal(answer, 503, "The service is not available for a moment; nothing was changed. Try again shortly.");
  expect(answer.headers.get("retry-after")).toBe("1");
});
