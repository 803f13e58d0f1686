import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { PIECE_ROWS, V1_PAGE_LIMIT } from "../../src/v1/operations.js";
import { boot, type Gateway, isOnPostgres, ofFiles } from "../helpers/boot.js";
import { letIn } from "../helpers/meetings.js";
import { quiet, watchStatements } from "../helpers/rows.js";
import { get, multiply, raw, runningMeeting } from "./calls.js";
import { openBeside } from "../helpers/beside.js";

const MANY = 2_500;

type Row = Record<string, string | number | null>;

function rowsOf(gateway: Gateway, query: string): Row[] {
  const database = openBeside(gateway);
  const rows = database.prepare<[], Row>(query).all();
  database.close();
  return rows;
}

const instant = (at: Row[string] | undefined): string | null =>
  at == null ? null : new Date(Number(at)).toISOString();

/** Each of the three lists, with more rows than are read at once and text of every kind; and what it must answer. */
async function furnished(gateway: Gateway): Promise<[path: string, data: unknown[]][]> {
  const { meetingId, sessionId, join } = await runningMeeting(gateway, { title: "first" });
  await letIn(gateway.opened.services, await join("John Doe"));
  // Of three rows each two share their millisecond, and some have no title.
  multiply(gateway, "meetings", MANY, {
    title: `CASE WHEN i % 7 > 0 THEN 'سبورة "' || i || '" \\ ' || '\u2028' END`,
    created_at: "created_at + i * 2 / 3",
  });
  multiply(gateway, "sessions", MANY, {
    status: "'ENDED'",
    ended_at: "started_at + i",
    started_at: "started_at + i * 2 / 3",
  });
  multiply(gateway, "attendances", MANY, { full_name: "'😀 ' || i", joined_at: "joined_at + i * 2 / 3" });
  const meetings = rowsOf(gateway, "SELECT * FROM meetings ORDER BY created_at, id");
  const sessions = rowsOf(gateway, "SELECT * FROM sessions ORDER BY started_at, id");
  const attendances = rowsOf(gateway, "SELECT * FROM attendances ORDER BY joined_at, id");
  return [
    [
      "list_meetings",
      meetings.map(({ id, title, moderator_password, welcome_text }) => ({
        meeting_id: id,
        title: title ?? "",
        is_running: id === meetingId,
        moderator_password: moderator_password ?? "",
        welcome_text: welcome_text ?? "",
      })),
    ],
    [
      `list_sessions?meeting_id=${meetingId}`,
      sessions.map(({ id, title, started_at, ended_at, attendee_password }) => ({
        session_id: id,
        title: title ?? "",
        session_start_time: instant(started_at),
        session_end_time: instant(ended_at),
        attendee_password: attendee_password ?? "",
        status: true,
      })),
    ],
    [
      `list_attendance?session_id=${sessionId}`,
      attendances.map(({ full_name, joined_at }) => ({ full_name, joined_date: instant(joined_at) })),
    ],
  ];
}

const whole = (data: unknown[]): string =>
  JSON.stringify({ status: true, status_code: 200, message: "success", data, success_message: "Done successfully!" });

test("a list of any length has the bytes that it would have if it were made at once, in each of the three routes", async () => {
  const gateway = await boot(quiet);
  for (const [path, data] of await furnished(gateway)) {
    expect(data).toHaveLength(MANY + 1);
    const { text, status, headers } = await get(gateway, path);
    expect([status, text === whole(data)], path).toEqual([200, true]);
    expect(headers.get("content-length")).toBeNull();
    const short = await get(gateway, "list_general_meeting_setting");
    for (const name of ["content-type", "x-content-type-options"]) {
      expect(headers.get(name)).toBe(short.headers.get(name));
    }
    expect([headers.get("cache-control"), headers.get("etag")]).toEqual(["no-store", null]);
    const head = await raw(gateway, "HEAD", `/api/v1/${path}`);
    expect([head.status, head.text, head.headers.get("content-length")]).toEqual([200, "", null]);
    expect(head.headers.get("content-type")).toBe(headers.get("content-type"));
  }
});

/** Meetings with long texts: their list is more than what the kernel takes for a reader that reads nothing. */
const HEAVY = 5_000;

async function heavy(options: Parameters<typeof boot>[0] = quiet) {
  const gateway = await boot(options);
  await runningMeeting(gateway, { welcome_text: "x".repeat(4_000) });
  multiply(gateway, "meetings", HEAVY);
  /** Asks, and reads the head of the answer only. */
  const begin = async (key = gateway.key): Promise<Socket> => {
    const { hostname, port, host } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    socket.write(`GET /api/v1/list_meetings HTTP/1.1\r\nhost: ${host}\r\nlicense: ${key}\r\nconnection: close\r\n\r\n`);
    await new Promise((resolve) => socket.once("readable", resolve));
    return socket;
  };
  /** The rest of it, until the line ends. */
  const finish = async (socket: Socket): Promise<string> => {
    let text = "";
    socket.setEncoding("latin1").on("data", (piece: string) => (text += piece));
    await new Promise((resolve) => socket.once("close", resolve));
    return text;
  };
  return { gateway, begin, finish };
}

/** Whether nobody reads an older moment: then what is written now can go into the file, and the log is empty. */
function isLogFree(gateway: Gateway): boolean {
  const database = openBeside(gateway);
  if (isOnPostgres) {
    const held = "state <> 'idle' AND datname = current_database() AND pid <> pg_backend_pid()";
    const count = database.prepare(`SELECT count(*) FROM pg_stat_activity WHERE ${held}`).pluck().get();
    database.close();
    return count === 0;
  }
  database.exec("UPDATE instances SET seen_at = seen_at + 1");
  database.pragma("busy_timeout = 0");
  const [{ busy } = { busy: 1 }] = database.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  database.close();
  return busy === 0;
}

const timesOf = (part: string, text: string): number => text.split(part).length - 1;

test("a long list is of one moment, however slowly it is read, and others are answered meanwhile", async () => {
  const { gateway, begin, finish } = await heavy();
  const socket = await begin();
  const database = openBeside(gateway);
  database.exec("UPDATE meetings SET deleted_at = 1 WHERE id > 'e'");
  database.close();
  expect((await get(gateway, "list_meetings")).body.data).toHaveLength(1);
  expect(isLogFree(gateway)).toBe(false);
  const text = await finish(socket);
  expect(timesOf('"meeting_id"', text)).toBe(HEAVY + 1);
  expect(text.endsWith("0\r\n\r\n")).toBe(true);
  expect(isLogFree(gateway)).toBe(true);
});

test("whoever goes in the middle of a long list leaves nothing held", async () => {
  const { gateway, begin } = await heavy();
  for (const socket of [await begin(), await begin()]) socket.destroy();
  await expect.poll(() => isLogFree(gateway)).toBe(true);
  expect((await get(gateway, "list_meetings")).body.data).toHaveLength(HEAVY + 1);
});

test("a long list that takes longer than a moment is held breaks off, so that nobody takes it for whole", async () => {
  const { gateway, begin, finish } = await heavy({ timings: { ...quiet.timings, snapshot: 300 } });
  const socket = await begin();
  await expect.poll(() => isLogFree(gateway)).toBe(true);
  const text = await finish(socket);
  expect(timesOf('"meeting_id"', text)).toBeLessThan(HEAVY);
  expect(text.endsWith("0\r\n\r\n")).toBe(false);
  expect(gateway.log()).toContain("a list broke off");
});

test("one license's slow readers hold two moments and no more, and keep no other license waiting", async () => {
  const { gateway, begin, finish } = await heavy();
  const slow = [await begin(), await begin()];
  const third = begin();
  const other = await gateway.license();
  const database = openBeside(gateway);
  database
    .prepare("UPDATE meetings SET license_id = ? WHERE id > 'ffffffff-0000-7000-8000-000000003700'")
    .run(other.id);
  database.close();
  const theirs = await get(gateway, "list_meetings", { key: other.key });
  expect(theirs.body.data).toHaveLength(1_300);
  for (const socket of slow) socket.destroy();
  // It waited, so it is of a later moment than those.
  expect(timesOf('"meeting_id"', await finish(await third))).toBe(3_701);
});

ofFiles("many lists at once take turns: in none are more rows read than one list may have of it", async () => {
  const gateway = await boot(quiet);
  await runningMeeting(gateway);
  multiply(gateway, "meetings", MANY);
  let turn = 0;
  let isOver = false;
  const count = () => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const readIn = new Map<number, number>();
  const stop = watchStatements((text, rows) => {
    if (text.includes("meetings")) readIn.set(turn, (readIn.get(turn) ?? 0) + rows);
  });
  const answers = await Promise.all(Array.from({ length: 24 }, () => get(gateway, "list_meetings")));
  stop();
  isOver = true;
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const most = Math.max(...readIn.values());
  // One row more tells whether there is a next page; and the server's turns need not begin where the test's do.
  expect(most).toBeGreaterThan(PIECE_ROWS);
  expect(most).toBeLessThanOrEqual(3 * (V1_PAGE_LIMIT + 1));
});
