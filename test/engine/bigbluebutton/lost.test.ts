import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { bigbluebutton, type BigBlueButtonOptions, type Fault, type Peer } from "../../peers/bigbluebutton/index.js";
import { attendances, until } from "../../room/rows.js";

const timings = { follow: 30, sweep: 30, engineCall: 400, engineAsk: 400, enginePause: 20 };

async function started(options: BigBlueButtonOptions = {}) {
  const peer = await bigbluebutton({ times: { end: 20 }, ...options });
  const gateway = await boot({ env: peer.env, timings });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  return { peer, gateway, meetingId, link, sessionId: sessionOf(link) };
}

const stateOf = async (gateway: Gateway, sessionId: string) => {
  const session = await gateway.opened.services.storage.read.sessions.findAnyones(sessionId);
  return [session?.status, session?.endCause];
};

const asked = (peer: Peer): number => peer.calls().filter(({ call }) => call.startsWith("get")).length;

/** So often more was the server asked for what is there. */
async function rounds(peer: Peer, count: number): Promise<void> {
  const before = asked(peer);
  await until(() => asked(peer) >= before + count, `${count} rounds`);
}

type Lose = (peer: Peer, sessionId: string) => unknown;
const lose: Lose = (peer, sessionId) => peer.lose(sessionId);
const nobodyComes: Lose = (peer) => peer.advance(24 * 3_600_000);
const another: Lose = (peer, meetingID) => peer.ask("end", { meetingID });

test.each<[string, BigBlueButtonOptions, Lose[]]>([
  ["a server of its own", {}, [lose, nobodyComes, another]],
  ["a balancer", { flavour: "scalelite" }, [lose]],
  ["a PlugNmeet", { flavour: "plugnmeet" }, [lose]],
])("a session ends whose room is lost or was ended by %s; another one runs on", async (_what, options, ways) => {
  const { peer, gateway, sessionId } = await started({ ...options, times: { end: 20, forget: 100 } });
  let lost = sessionId;
  for (const way of ways) {
    await rounds(peer, 2);
    expect(await stateOf(gateway, lost)).toEqual(["RUNNING", null]);
    await way(peer, lost);
    const other = sessionOf(await startMeeting(gateway, await createMeeting(gateway)));
    const isOver = async () => {
      // It has to be seen missing more than once, some seconds apart.
      gateway.clock.forward(5_000);
      return (await stateOf(gateway, lost))[0] === "ENDED";
    };
    await until(isOver, "the end");
    await rounds(peer, 3);
    expect(await stateOf(gateway, other)).toEqual(["RUNNING", null]);
    lost = other;
  }
});

test.each<[string, BigBlueButtonOptions, Fault[]]>([
  [
    "fails in one way or another",
    {},
    [{ status: 502 }, { body: "truncated" }, { body: "entities" }, { failed: "checksumError" }, { reset: "before" }],
  ],
  [
    "lists no meetings, or lacks one of its own servers",
    { flavour: "scalelite", listsMeetings: false },
    [{ failed: "internalError" }],
  ],
])("no session ends because the server %s", async (_why, options, faults) => {
  const { peer, gateway, sessionId, link } = await started(options);
  await peer.enter(link);
  for (const fault of faults) {
    const mends = ["getMeetings", "getMeetingInfo", "isMeetingRunning"].map((call) => peer.fault(call, fault));
    await rounds(peer, 4);
    gateway.clock.forward(61_000);
    await rounds(peer, 4);
    expect(await stateOf(gateway, sessionId), JSON.stringify(fault)).toEqual(["RUNNING", null]);
    for (const mend of mends) mend();
    await rounds(peer, 2);
  }
  await until(async () => (await attendances(gateway, sessionId)).length === 1, "word of who is inside");
});

test("people are in the attendance once, by their own names, also of a server that has other ids for them", async () => {
  const { peer, gateway, meetingId, link, sessionId } = await started({ flavour: "plugnmeet" });
  const viewer = await joinMeeting(gateway, meetingId, "سارة O'Brien");
  await peer.enter(link);
  await peer.enter(viewer);
  await until(async () => (await attendances(gateway, sessionId)).length === 2, "both");
  await rounds(peer, 3);
  const rows = await attendances(gateway, sessionId);
  expect(rows.map(({ fullName, stays }) => [fullName, stays.length])).toEqual([
    ["mod1", 1],
    ["سارة O'Brien", 1],
  ]);
});
