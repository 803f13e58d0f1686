import { expect, test } from "vitest";
import type { Gateway } from "../helpers/boot.js";
import { askPostgres } from "../helpers/postgres.js";
import { playbackUrlOf, putPiece, recordable, recordedPieces, startRecording } from "../helpers/recorded.js";
import { bootSeveral } from "./several.js";

test("what a room's page records may come piece by piece to any server: with one folder there is one recording, which each plays", async () => {
  const { url, gateways } = await bootSeveral(2, { timings: { heartbeat: 100, recordSweep: 50 } });
  const [one, other] = gateways as [Gateway, Gateway];
  const { link, meetingId, sessionId } = await recordable(one);
  // The page's line leads to the other server, whose room it is; the next one's is passed on.
  const [home, moderator] = [other.socket(), one.socket()];
  await home.enter(link);
  await moderator.enter(link);
  const ticket = await startRecording(moderator);
  for (const [nth, piece] of recordedPieces.entries()) {
    const isLast = nth === recordedPieces.length - 1;
    const { status } = await putPiece((nth % 2 ? one : other).url, ticket, nth, piece, { isLast });
    expect(status).toBe(200);
  }
  await other.v1(`end_meeting?meeting_id=${meetingId}`);
  const addresses = await Promise.all([one, other].map((gateway) => playbackUrlOf(gateway, sessionId)));
  expect(new Set(addresses).size).toBe(1);
  const { pathname } = new URL(addresses[0] ?? "");
  for (const { url: server } of [one, other]) expect((await fetch(new URL(pathname, server))).status).toBe(200);
  const made = "SELECT status, round(duration_seconds)::integer AS seconds FROM recordings";
  expect(await askPostgres(url, made)).toEqual([{ status: "READY", seconds: 4 }]);
});
