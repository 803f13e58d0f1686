import { appendFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { boot, RoomClient, temporaryFolder } from "../../helpers/boot.js";
import { program } from "../program.js";
import {
  playbackUrlOf,
  putPiece,
  recordable,
  recordedPieces,
  startRecording,
  type Ticket,
} from "../../helpers/recorded.js";

const secret = { SECRET_KEY: "0123456789abcdef0123456789abcdef" };

test("killed while it is recorded: what was acknowledged is there, the page goes on, and one recording comes of it", async () => {
  const folder = temporaryFolder();
  const first = await program(folder);
  const { link, meetingId, sessionId } = await recordable(first.gateway);
  const moderator = new RoomClient(first.url);
  await moderator.enter(link);
  const ticket = await startRecording(moderator);
  for (const [index, piece] of recordedPieces.slice(0, 3).entries()) {
    expect((await putPiece(first.url, ticket, index, piece)).status).toBe(200);
  }
  first.child.kill("SIGKILL");
  await first.ended;
  // As if it had been killed in the middle of the next piece.
  const raw = `${folder}/recordings/raw/${sessionId}`;
  appendFileSync(`${raw}/${ticket.part}.webm`, recordedPieces[3]?.subarray(0, 1_000) ?? "");
  appendFileSync(`${raw}/${ticket.part}.pieces`, "19");

  const next = await boot({ folder, env: secret, timings: { recordSweep: 50 } });
  const back = next.socket();
  expect((await back.enter(link)).recording).toMatchObject({ name: "mod1" });
  await back.say({ type: "record", on: true, part: ticket.part });
  const again = (await back.frame("record-ticket")) as Ticket;
  expect([again.part, again.next]).toEqual([ticket.part, 3]);
  // The one from before the kill is good as well: its server's secret is the same.
  expect((await putPiece(next.url, ticket, 3, recordedPieces[3] ?? Buffer.alloc(0))).body).toEqual({ next: 4 });
  const last = recordedPieces[4] ?? Buffer.alloc(0);
  expect((await putPiece(next.url, again, 4, last, { isLast: true })).body).toEqual({ next: 5 });
  const call = { key: first.key };
  await next.v1(`end_meeting?meeting_id=${meetingId}`, call);
  await playbackUrlOf({ ...next, v1: (path) => next.v1(path, call) }, sessionId);
  const query = `{ session(id: "${sessionId}") { recording { durationSeconds } } }`;
  expect((await next.graphql(query, {}, call)).body.data.session.recording).toEqual({ durationSeconds: 4 });
  expect(readdirSync(`${folder}/recordings/raw`)).toEqual([]);
});

test("killed after the end, before the recording was made: the next start makes it, also where it was half made", async () => {
  const folder = temporaryFolder();
  const first = await program(folder);
  const { link, meetingId, sessionId } = await recordable(first.gateway);
  const moderator = new RoomClient(first.url);
  await moderator.enter(link);
  const ticket = await startRecording(moderator);
  for (const [index, piece] of recordedPieces.entries()) await putPiece(first.url, ticket, index, piece);
  await first.gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  first.child.kill("SIGKILL");
  await first.ended;
  const next = await boot({ folder, env: secret, timings: { recordSweep: 50 } });
  next.clock.forward(5 * 60_000 + 1_000);
  const call = { key: first.key };
  const url = await playbackUrlOf({ ...next, v1: (path) => next.v1(path, call) }, sessionId);
  expect((await fetch(url.replace(first.url, next.url))).status).toBe(200);
});
