import { expect, test } from "vitest";
import { bigbluebutton } from "./bigbluebutton/index.js";

const room = { name: "Room", meetingID: "r1" };

test("a fault befalls the calls it is meant for, as often as it is meant to", async () => {
  const peer = await bigbluebutton();
  peer.fault("create", { failed: "maxConcurrent" }, { times: 1, where: ({ meetingID }) => meetingID === "r1" });
  expect((await peer.ask("create", { ...room, meetingID: "r2" })).text).toContain("SUCCESS");
  expect((await peer.ask("create", room)).text).toContain("<messageKey>maxConcurrent</messageKey>");
  expect((await peer.ask("create", room)).text).toContain("SUCCESS");
  peer.fault("*", { status: 503 });
  expect(await peer.ask("")).toMatchObject({ status: 503, text: expect.stringContaining("<html>") });
  peer.mend();
  expect((await peer.ask("")).text).toContain("<version>2.0</version>");
});

test("an answer can be lost after the call was done, and the line cut before or after it", async () => {
  const peer = await bigbluebutton();
  const fails = () => expect(peer.ask("create", room)).rejects.toThrow();
  peer.fault("create", { reset: "before" }, { times: 1 });
  await fails();
  expect(peer.meeting("r1")).toBeUndefined();
  peer.fault("create", { reset: "after" }, { times: 1 });
  await fails();
  expect(peer.meeting("r1")).toBeDefined();
  peer.lose("r1");
  peer.fault("create", { silent: true });
  const waiting = peer.ask("create", room);
  await expect.poll(() => peer.meeting("r1")).toBeDefined();
  await peer.down();
  await expect(waiting).rejects.toThrow();
  await peer.up();
  expect((await peer.ask("getMeetings")).text).toContain("<meetingID>r1</meetingID>");
});

test("an answer can come late, end early, be no XML, carry entities, or be larger than anyone wants", async () => {
  const peer = await bigbluebutton();
  await peer.ask("create", room);
  const told = async (fault: Parameters<typeof peer.fault>[1]) => {
    peer.fault("getMeetings", fault, { times: 1 });
    return (await peer.ask("getMeetings")).text;
  };
  expect(await told({ body: "truncated" })).not.toContain("</response>");
  expect(await told({ body: "broken" })).toMatch(/<returncodeSUCCESS[^]*<\/reply>$/);
  expect(await told({ body: "entities" })).toMatch(/^<\?xml version="1.0"\?><!DOCTYPE response \[<!ENTITY/);
  expect((await told({ oversized: 100_000 })).length).toBeGreaterThan(100_000);
  const began = performance.now();
  await told({ slow: 50 });
  expect(performance.now() - began).toBeGreaterThan(45);
});
