import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { playbackUrlOf, putPiece, recordable, recordedPieces, startRecording } from "../../helpers/recorded.js";

const quick = { recordSweep: 50 };

test("what a moderator's page records becomes a recording with an address, and everyone is told while it goes on", async () => {
  const gateway = await boot({ timings: quick });
  const { link, viewerLink, meetingId, sessionId } = await recordable(gateway);
  const [moderator, viewer] = [gateway.socket(), gateway.socket()];
  const { person } = await moderator.enter(link);
  expect((await viewer.enter(viewerLink)).recording).toBeUndefined();
  const ticket = await startRecording(moderator);
  expect(ticket).toMatchObject({ next: 0, address: `./room/recordings/${ticket.part}/` });
  const told = { type: "recording", on: true, by: person.id, name: "mod1" };
  expect(await viewer.frame("recording")).toMatchObject(told);
  expect(await moderator.frame("recording")).toMatchObject(told);
  const late = gateway.socket();
  expect((await late.enter(viewerLink)).recording).toMatchObject({ by: person.id, name: "mod1" });
  for (const [index, piece] of recordedPieces.entries()) {
    const isLast = index === recordedPieces.length - 1;
    expect(await putPiece(gateway.url, ticket, index, piece, { isLast })).toEqual({
      status: 200,
      body: { next: index + 1 },
    });
  }
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const url = await playbackUrlOf(gateway, sessionId);
  expect(url).toMatch(new RegExp(`^${gateway.url}/api/recordings/${sessionId}/[\\w-]{32}$`));
  const page = await fetch(url);
  expect(page.status).toBe(200);
  const media = /<video [^>]*src="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  const file = await fetch(new URL(media, url), { headers: { range: "bytes=0-3" } });
  expect([file.status, [...new Uint8Array(await file.arrayBuffer())]]).toEqual([206, [0x1a, 0x45, 0xdf, 0xa3]]);
});
