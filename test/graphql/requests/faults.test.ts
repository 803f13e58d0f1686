import { connect } from "node:net";
import { GraphQLObjectType, type GraphQLSchema } from "graphql";
import { expect, onTestFinished, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type BootOptions, type Gateway } from "../../helpers/boot.js";
import { heldOpening } from "../../helpers/test-engine.js";
import { ask, mutate, newMeeting, start } from "../ask.js";
import { openBeside } from "../../helpers/beside.js";

/** Our graph with one resolver replaced. */
function graphWith(field: string, resolve: () => unknown): GraphQLSchema {
  const schema = buildGraph();
  const [type = "", name = ""] = field.split(".");
  const found = schema.getType(type);
  const target = found instanceof GraphQLObjectType ? found.getFields()[name] : undefined;
  if (!target) throw new Error(`there is no ${field}`);
  target.resolve = resolve;
  return schema;
}

/** A log that can be read. */
function readableLog() {
  const lines: { facts: { err?: Error; requestId?: string }; message: string }[] = [];
  const keep = (facts: object, message: string) => void lines.push({ facts, message });
  return { lines, log: { warn: keep, error: keep } as BootOptions["log"] };
}

/** Keeps every other writer waiting until it is let go. */
function holdDatabase(gateway: Gateway) {
  const other = openBeside(gateway);
  other.exec("BEGIN IMMEDIATE");
  const release = () => other.open && other.close();
  onTestFinished(() => void release());
  return release;
}

const inside = /hunter2|SELECT|at .*\.[jt]s|\/(?:src|dist|node_modules)\//;

test.each<[string, string, () => unknown]>([
  [
    "throws an error",
    "Query.license",
    () => {
      throw Object.assign(new Error("SELECT hunter2 FROM /src/storage"), { code: "hunter2" });
    },
  ],
  [
    "throws an error that looks like one of ours",
    "Query.license",
    () => {
      throw Object.assign(new Error("hunter2"), { extensions: { code: "FORBIDDEN", http: { status: 401 } } });
    },
  ],
  [
    "throws no error at all",
    "Query.license",
    () => {
      throw "hunter2";
    },
  ],
  ["rejects later", "Query.license", () => Promise.reject(new TypeError("hunter2"))],
  ["gives null where the graph promises something", "License.name", () => null],
  ["gives what its type can't show", "License.expiresAt", () => "hunter2"],
  ["gives what is no value of its enum", "License.status", () => "hunter2"],
  ["gives an object of no known type", "Mutation.createMeeting", () => ({ password: "hunter2" })],
])(
  "a resolver that %s shows nothing of our inside; the log has it under the request's id",
  async (_, field, resolve) => {
    const { lines, log } = readableLog();
    const gateway = await boot({ schema: graphWith(field, resolve), ...(log && { log }) });
    const query = field.startsWith("Mutation")
      ? "mutation { createMeeting(input: {}) { __typename } }"
      : "{ license { name expiresAt status } }";
    for (const [language, words] of [
      ["en", "Something went wrong on our side."],
      ["ar", "حدث خطأ غير متوقع."],
    ] as const) {
      const { status, body } = await gateway.graphql("", {}, { method: "POST", body: { query }, language });
      expect([status, body.errors.length]).toEqual([200, 1]);
      const [{ message, extensions, path, ...rest }] = body.errors;
      const { requestId, ...others } = extensions;
      expect(others).toEqual({ code: "INTERNAL_SERVER_ERROR" });
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(message).toContain(words);
      expect(message).toContain(requestId);
      expect(path[0]).toBe(query.startsWith("{") ? "license" : "createMeeting");
      expect(Object.keys(rest)).toEqual(["locations"]);
      expect(JSON.stringify(body)).not.toMatch(inside);
      expect(lines.some(({ facts }) => facts.requestId === requestId)).toBe(true);
    }
  },
);

test("error-2: a commit that fails is a 503 with SERVICE_UNAVAILABLE, nothing is changed, and it works afterwards", async () => {
  const gateway = await boot();
  const query = "mutation { createMeeting(input: {}) { __typename } }";
  const release = holdDatabase(gateway);
  const { status, headers, body } = await gateway.graphql("", {}, { method: "POST", body: { query }, language: "en" });
  expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
  expect(body.errors[0]).toMatchObject({
    message: "The service is not available for a moment; nothing was changed. Try again shortly.",
    extensions: { code: "SERVICE_UNAVAILABLE", requestId: expect.any(String) },
  });
  expect(body.data).toEqual({ createMeeting: null });
  const reading = await ask(gateway, "{ license { meetingRooms { used } } }");
  expect(reading.license.meetingRooms.used).toBe(0);
  release();
  await newMeeting(gateway);
});

test("error-2: a start whose claim can't be committed leaves the meeting free", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway);
  const release = holdDatabase(gateway);
  const query = `mutation { startMeeting(input: { meetingId: "${meetingId}", moderatorName: "m" }) { __typename } }`;
  expect((await gateway.graphql(query)).status).toBe(503);
  release();
  expect(await mutate(gateway, "endMeeting", { meetingId })).toMatchObject({ code: "MEETING_NOT_RUNNING" });
  await start(gateway, meetingId);
});

test("a database that can't be asked who is calling is a 503 in GraphQL's shape", async () => {
  const gateway = await boot();
  const { licenses } = gateway.opened.services.storage.read;
  licenses.findByKeyHash = () => Promise.reject(Object.assign(new Error("hunter2"), { code: "SQLITE_IOERR_READ" }));
  const { status, headers, body } = await gateway.graphql("{ license { name } }");
  expect([status, headers.get("retry-after"), body.errors[0].extensions.code]).toEqual([
    503,
    "1",
    "SERVICE_UNAVAILABLE",
  ]);
  licenses.findByKeyHash = () => Promise.reject(new Error("hunter2"));
  const broken = await gateway.graphql("{ license { name } }");
  expect([broken.status, broken.body.errors[0].extensions.code]).toEqual([500, "INTERNAL_SERVER_ERROR"]);
  expect(JSON.stringify(broken.body)).not.toMatch(inside);
});

test("while the server drains, what is in flight is finished and the next operation is a 503 in GraphQL's shape", async () => {
  const { opening, finish, openEngine } = heldOpening();
  const gateway = await boot({ openEngine });
  const meetingId = await newMeeting(gateway);
  const post = (query: string) => {
    const body = JSON.stringify({ query });
    return `POST /graphql HTTP/1.1\r\nhost: x\r\nlicense: ${gateway.key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
  let received = "";
  const open = () => {
    const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
    socket.on("data", (data) => (received += String(data)));
    return { socket, closed: new Promise((resolve) => socket.once("close", resolve)) };
  };
  const [busy, idle] = [open(), open()];
  busy.socket.write(
    post(`mutation { startMeeting(input: { meetingId: "${meetingId}", moderatorName: "m" }) { __typename } }`),
  );
  await opening;
  const stopped = gateway.stop();
  // A line that is open already: a new one is not taken any more.
  idle.socket.write(post("{ license { name } }"));
  // Time for it to arrive, before the first answer may close the line.
  setTimeout(finish, 100);
  await stopped;
  await Promise.all([busy.closed, idle.closed]);
  expect(received).toContain('"StartMeetingSuccess"');
  expect(received).toContain("HTTP/1.1 503");
  expect(received).toContain('"SERVICE_UNAVAILABLE"');
});
