import { readdirSync, readFileSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import {
  playbackUrlOf,
  putAll,
  putPiece,
  recordable,
  recordedPieces,
  startRecording,
  type Ticket,
} from "../../helpers/recorded.js";

const quick = { recordSweep: 50, hold: 100 };
const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = recordedPieces;

async function recording() {
  const gateway = await boot({ timings: quick });
  const session = await recordable(gateway);
  const [moderator, viewer] = [gateway.socket(), gateway.socket()];
  const { person } = await moderator.enter(session.link);
  const { person: viewing } = await viewer.enter(session.viewerLink);
  const ticket = await startRecording(moderator);
  const put = (...rest: Parameters<typeof putPiece> extends [unknown, unknown, ...infer Rest] ? Rest : never) =>
    putPiece(gateway.url, ticket, ...rest);
  return { gateway, ...session, moderator, viewer, ids: { moderator: person.id, viewer: viewing.id }, ticket, put };
}

test("pieces are numbered: one that is there is acknowledged again, a gap is told what is awaited, and nothing is doubled", async () => {
  const { gateway, put, sessionId, ticket } = await recording();
  expect(await put(1, second)).toEqual({ status: 409, body: { code: "GAP", next: 0 } });
  expect(await put(0, first)).toEqual({ status: 200, body: { next: 1 } });
  expect(await put(0, second)).toEqual({ status: 200, body: { next: 1 } });
  expect(await put(2, second)).toEqual({ status: 409, body: { code: "GAP", next: 1 } });
  expect(await put(1, second)).toEqual({ status: 200, body: { next: 2 } });
  const raw = `${gateway.folder}/recordings/raw/${sessionId}`;
  expect(readFileSync(`${raw}/${ticket.part}.webm`).equals(Buffer.concat([first, second]))).toBe(true);
  expect(await put(2, Buffer.alloc(0), { isLast: true })).toEqual({ status: 200, body: { next: 3 } });
  expect(await put(3, second)).toEqual({ status: 410, body: { code: "OVER" } });
});

test("an empty piece before the first takes nothing for a film that is none", async () => {
  const { put } = await recording();
  expect(await put(0, Buffer.alloc(0))).toEqual({ status: 200, body: { next: 1 } });
  expect(await put(1, Buffer.from("no film"))).toEqual({ status: 415, body: { code: "NOT_WEBM" } });
  expect(await put(1, first)).toEqual({ status: 200, body: { next: 2 } });
});

test("of one part four pieces at most are in memory, however many a page sends at once", async () => {
  const { gateway, put, ticket } = await recording();
  const { hostname, port } = new URL(gateway.url);
  const path = new URL(`${ticket.address}0`, `${gateway.url}/api/join`).pathname;
  const lines: Socket[] = [];
  const beginAnother = () => {
    const line = connect(Number(port), hostname);
    lines.push(line);
    onTestFinished(() => void line.destroy());
    line.on("error", () => {});
    line.write(
      `PUT ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${ticket.token}\r\ncontent-length: 1000\r\n\r\nbegun`,
    );
  };
  const answer = async () => {
    beginAnother();
    // A line that is there already would be faster.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return put(0, first);
  };
  await expect.poll(answer, { timeout: 5_000 }).toEqual({ status: 429, body: { code: "TOO_MANY" } });
  for (const line of lines) line.destroy();
  await expect.poll(() => put(0, first)).toEqual({ status: 200, body: { next: 1 } });
});

test("files and folders are their owner's only", async () => {
  const { gateway, put, sessionId } = await recording();
  await put(0, first);
  const modes = (at: string): number[] => [
    statSync(at).mode & 0o777,
    ...(statSync(at).isDirectory() ? readdirSync(at).flatMap((name) => modes(`${at}/${name}`)) : []),
  ];
  expect(new Set(modes(`${gateway.folder}/recordings`))).toEqual(new Set([0o700, 0o600]));
  expect(statSync(`${gateway.folder}/recordings/raw/${sessionId}`).mode & 0o777).toBe(0o700);
});

test("whoever has no token of that part, or another's, a changed or an old one, sends nothing", async () => {
  const { gateway, put, ticket } = await recording();
  const other = await recordable(gateway);
  const elsewhere = gateway.socket();
  await elsewhere.enter(other.link);
  const { token: others, part } = await startRecording(elsewhere);
  const [until = "", mac = ""] = ticket.token.split(".");
  const refused = { status: 401, body: { code: "TOKEN" } };
  for (const token of [
    "",
    others,
    `${Number(until) + 1}.${mac}`,
    `${until}.${mac.slice(0, -2)}AA`,
    "x".repeat(5_000),
  ]) {
    expect(await put(0, first, { token })).toEqual(refused);
  }
  expect(await put(0, first, { headers: { authorization: `Basic ${ticket.token}` } })).toEqual(refused);
  expect(await putPiece(gateway.url, { ...ticket, address: `./room/recordings/${part}/` }, 0, first)).toEqual(refused);
  expect(await put("x", first)).toEqual({ status: 404, body: { code: "NO_SUCH_PART" } });
  expect(await put(0, first, { headers: { origin: "https://elsewhere.example" } })).toEqual({
    status: 403,
    body: { code: "ORIGIN" },
  });
  gateway.clock.forward(3_600_000);
  expect(await put(0, first)).toEqual(refused);
});

test("a piece that is too large or no WebM of ours is not taken, and leaves nothing behind", async () => {
  const { put } = await recording();
  expect(await put(0, Buffer.alloc(8 * 1024 * 1024 + 1))).toEqual({ status: 413, body: { code: "TOO_LARGE" } });
  for (const odd of [Buffer.from("no film"), Buffer.concat([first.subarray(0, 4), Buffer.alloc(100)])]) {
    expect(await put(0, odd)).toEqual({ status: 415, body: { code: "NOT_WEBM" } });
  }
  expect(await put(0, first)).toEqual({ status: 200, body: { next: 1 } });
});

test("whose role is taken, or who is removed, sends nothing more; what came stays and is joined", async () => {
  const { gateway, put, viewer, moderator, ids, meetingId, sessionId } = await recording();
  for (const [index, piece] of recordedPieces.slice(0, 4).entries()) await put(index, piece);
  await moderator.say({ type: "set-role", person: ids.viewer, role: "moderator" });
  await viewer.frame("role");
  await viewer.say({ type: "remove", person: ids.moderator });
  expect(await viewer.frame("record-please")).toEqual({ type: "record-please" });
  expect(await put(4, second)).toEqual({ status: 403, body: { code: "NOT_MODERATOR" } });
  await viewer.say({ type: "record", on: true });
  const ticket = (await viewer.frame("record-ticket")) as Ticket;
  await putAll(gateway.url, ticket);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  // Nobody waits for the last piece of who may send none.
  await playbackUrlOf(gateway, sessionId);
  const { body } = await gateway.graphql(`{ session(id: "${sessionId}") { recording { durationSeconds } } }`);
  // 4 seconds less what the damaged end cost, and 4.3 of the second.
  expect(body.data.session.recording.durationSeconds).toBeGreaterThanOrEqual(7);
});

test("after a stop, and after the end, what is late is taken for five minutes and no longer", async () => {
  const { gateway, put, moderator, meetingId, sessionId } = await recording();
  await put(0, first);
  await moderator.say({ type: "record", on: false });
  await moderator.until(({ type, on }) => type === "recording" && on === false);
  gateway.clock.forward(4 * 60_000);
  expect((await put(1, second)).status).toBe(200);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  expect((await put(2, recordedPieces[2] ?? first)).status).toBe(200);
  expect((await gateway.v1(`get_record?session_id=${sessionId}`)).status).toBe(404);
  gateway.clock.forward(61_000);
  expect(await put(3, recordedPieces[3] ?? first)).toEqual({ status: 410, body: { code: "OVER" } });
  gateway.clock.forward(4 * 60_000);
  await playbackUrlOf(gateway, sessionId);
  expect(readdirSync(`${gateway.folder}/recordings/raw`)).toEqual([]);
});

test("who stopped and sent nothing more for five minutes is not waited for after the end", async () => {
  const { gateway, put, moderator, meetingId, sessionId } = await recording();
  await put(0, first);
  await put(1, second);
  await moderator.say({ type: "record", on: false });
  await moderator.until(({ type, on }) => type === "recording" && on === false);
  gateway.clock.forward(5 * 60_000 + 1_000);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  await playbackUrlOf(gateway, sessionId);
});

test("a session of which nothing ever came has no recording, and leaves no folder", async () => {
  const { gateway, meetingId, sessionId, put } = await recording();
  await put(0, Buffer.alloc(0), { isLast: true });
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const raw = `${gateway.folder}/recordings/raw`;
  while (readdirSync(raw).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const { body } = await gateway.graphql(`{ session(id: "${sessionId}") { recording { status } } }`);
  expect(body.data.session.recording).toBeNull();
});

test("of what can't be read a failed recording comes, and what came stays for whoever runs the server until it is deleted", async () => {
  const { gateway, meetingId, sessionId, put, ticket } = await recording();
  await put(0, Buffer.concat([first.subarray(0, 215), Buffer.alloc(3_000, 1)]), { isLast: true });
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const ask = async () =>
    (await gateway.graphql(`{ session(id: "${sessionId}") { recording { status isPublished playbackUrl } } }`)).body
      .data.session.recording;
  while ((await ask())?.status !== "FAILED") await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await ask()).toEqual({ status: "FAILED", isPublished: false, playbackUrl: null });
  expect(readdirSync(`${gateway.folder}/recordings/done/${sessionId}`)).toContain(`${ticket.part}.webm`);
});
