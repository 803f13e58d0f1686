import { expect, test } from "vitest";
import { boot, type RoomClient } from "../../helpers/boot.js";
import { joinMeeting } from "../../helpers/meetings.js";
import { putAll, putPiece, RECORDED, recordable, recordedPieces, startRecording } from "../../helpers/recorded.js";

const AUTOMATIC = ["record", "auto_start_recording"];
const refusal = (client: RoomClient, code: string) =>
  client.until((frame) => frame.type === "refused" && frame.re === "record" && frame.code === code);
const told = (client: RoomClient, isIt: (frame: { on: boolean; by?: string; why?: string }) => boolean) =>
  client.until((frame) => frame.type === "recording" && isIt(frame));

async function room(on: readonly string[], timings: { hold?: number; recordAsked?: number } = {}) {
  const gateway = await boot({ timings: { hold: 60, ...timings } });
  const session = await recordable(gateway, on);
  const secondLink = await joinMeeting(gateway, session.meetingId, "Sami", { role: "moderator" });
  const [moderator, second, viewer] = [gateway.socket(), gateway.socket(), gateway.socket()];
  return { gateway, ...session, secondLink, moderator, second, viewer };
}

test("viewers never record, nobody does where it is off, and by hand nobody does where that is off", async () => {
  const { moderator, viewer, link, viewerLink } = await room(RECORDED);
  await viewer.enter(viewerLink);
  await viewer.say({ type: "record", on: true });
  await refusal(viewer, "NOT_MODERATOR");
  await moderator.enter(link);
  await moderator.say({ type: "record", on: "yes" });
  expect(await refusal(moderator, "INVALID")).toMatchObject({ field: "on" });

  const off = await room(["allow_start_stop_recording", "auto_start_recording"]);
  await off.moderator.enter(off.link);
  await off.moderator.say({ type: "record", on: true });
  await refusal(off.moderator, "RECORD_OFF");
  expect(off.moderator.frames.some(({ type }) => type === "record-please")).toBe(false);

  const fixed = await room(["record"]);
  await fixed.moderator.enter(fixed.link);
  await fixed.moderator.say({ type: "record", on: true });
  await refusal(fixed.moderator, "RECORD_FIXED");
});

test("one page records at a time: a second moderator is told so, and may stop it", async () => {
  const { moderator, second, link, secondLink } = await room(RECORDED);
  const { person } = await moderator.enter(link);
  const { person: other } = await second.enter(secondLink);
  await startRecording(moderator);
  await told(second, ({ by }) => by === person.id);
  await second.say({ type: "record", on: true });
  await refusal(second, "RECORDED_ALREADY");
  await second.say({ type: "record", on: false });
  expect(await told(moderator, ({ on }) => !on)).toMatchObject({ why: "STOPPED", by: other.id });
  await second.say({ type: "record", on: true });
  await second.frame("record-ticket");
});

test("it begins by itself with the first moderator, and another's page is asked when that one can't, says nothing or goes", async () => {
  const { moderator, second, viewer, link, secondLink, viewerLink, gateway } = await room(AUTOMATIC, {
    recordAsked: 300,
  });
  await viewer.enter(viewerLink);
  const { person } = await moderator.enter(link);
  await moderator.frame("record-please");
  await moderator.say({ type: "record", on: false });
  const { person: other } = await second.enter(secondLink);
  await second.frame("record-please");
  // Says nothing: the first could not, so nobody is left to ask until one comes anew.
  await new Promise((resolve) => setTimeout(resolve, 400));
  moderator.cut();
  const again = gateway.socket();
  await again.enter(link);
  await again.frame("record-please");
  await again.say({ type: "record", on: true });
  const ticket = await again.frame("record-ticket");
  expect(await told(viewer, ({ on }) => on)).toMatchObject({ by: person.id });
  await again.say({ type: "record", on: false });
  await refusal(again, "RECORD_FIXED");
  second.frames.length = 0;
  second.cut();
  const back = gateway.socket();
  await back.enter(secondLink);
  await again.say({ type: "leave" });
  await back.frame("record-please");
  await back.say({ type: "record", on: true });
  expect((await back.frame("record-ticket")).part).not.toBe(ticket.part);
  expect(await told(viewer, ({ by }) => by === other.id)).toMatchObject({ on: true });
});

test("when nobody is there who could, everyone is told that it is over, and it goes on with the next moderator", async () => {
  const { moderator, second, viewer, link, secondLink, viewerLink } = await room(AUTOMATIC);
  await viewer.enter(viewerLink);
  await moderator.enter(link);
  await moderator.frame("record-please");
  await startRecording(moderator);
  await moderator.say({ type: "leave" });
  expect(await told(viewer, ({ on }) => !on)).toEqual({ type: "recording", on: false, why: "LEFT" });
  await second.enter(secondLink);
  await second.frame("record-please");
});

test("what a moderator stopped does not begin by itself again", async () => {
  const { moderator, second, link, secondLink } = await room([...AUTOMATIC, "allow_start_stop_recording"]);
  await moderator.enter(link);
  await moderator.frame("record-please");
  await startRecording(moderator);
  await moderator.say({ type: "record", on: false });
  await told(moderator, ({ on }) => !on);
  await second.enter(secondLink);
  await second.say({ type: "react", what: "clap" });
  await second.frame("reaction");
  expect(second.frames.some(({ type }) => type === "record-please")).toBe(false);
});

test("a page whose line broke goes on with its part; a new page of the same person begins another", async () => {
  const { gateway, moderator, link } = await room(RECORDED, { hold: 5_000 });
  await moderator.enter(link);
  const ticket = await startRecording(moderator);
  await putPiece(gateway.url, ticket, 0, recordedPieces[0] ?? Buffer.alloc(0));
  moderator.cut();
  const back = gateway.socket();
  expect((await back.enter(link)).recording).toMatchObject({ name: "mod1" });
  await back.frame("record-please");
  await back.say({ type: "record", on: true, part: ticket.part });
  expect(await back.frame("record-ticket")).toMatchObject({ part: ticket.part, next: 1 });
  back.cut();
  const reloaded = gateway.socket();
  await reloaded.enter(link);
  await reloaded.frame("record-please");
  await reloaded.say({ type: "record", on: true });
  expect(await reloaded.frame("record-ticket")).toMatchObject({ next: 0 });
});

test("nobody goes on with another's part, one that is whole, or one that there never was", async () => {
  const { gateway, moderator, second, link, secondLink } = await room(RECORDED);
  await moderator.enter(link);
  await second.enter(secondLink);
  const ticket = await startRecording(moderator);
  for (const part of [ticket.part, "019a0000-0000-7000-8000-000000000000", "../x"]) {
    await second.say({ type: "record", on: true, part, ref: part });
    expect(await second.until(({ ref }) => ref === part)).toMatchObject({ code: "NO_SUCH_PART" });
  }
  await putAll(gateway.url, ticket);
  await moderator.say({ type: "record", on: true, part: ticket.part });
  await refusal(moderator, "NO_SUCH_PART");
});

test("whoever was asked and could not may say yes later, until somebody else's page records", async () => {
  const { moderator, second, link, secondLink } = await room(AUTOMATIC);
  await moderator.enter(link);
  await moderator.frame("record-please");
  await moderator.say({ type: "record", on: false });
  const ticket = await startRecording(moderator);
  expect(ticket.next).toBe(0);
  // A part that its own page ends for another one of its own.
  moderator.frames.length = 0;
  expect((await startRecording(moderator)).part).not.toBe(ticket.part);
  await second.enter(secondLink);
  await second.say({ type: "record", on: true });
  await refusal(second, "RECORDED_ALREADY");
});
