import { expect, test, vi } from "vitest";
import { addEngine } from "../../src/domain/engine/change-engines.js";
import { openServices } from "../../src/services.js";
import { boot, type Gateway, testConfig } from "../helpers/boot.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { bigbluebutton, type Peer } from "../peers/bigbluebutton/index.js";

/** Adds a server as the operator does, beside the gateway. */
async function add({ folder }: Gateway, name: string, { url, secret }: Peer, flavour: string): Promise<void> {
  const log = { warn() {}, error() {} };
  const { services } = await openServices(testConfig(folder), { exclusive: false, log });
  await addEngine(services, { name, kind: "bigbluebutton", options: { url, flavour }, secrets: { secret }, weight: 1 });
  await services.storage.close();
}

test("the environment's server and those of the table are one pool; one that is down gets nothing until it is back, and each ends its own after a restart", async () => {
  const first = await bigbluebutton();
  const peers = {
    bigbluebutton: first,
    lite: await bigbluebutton({ flavour: "scalelite" }),
    third: await bigbluebutton(),
  };
  const timings = { sweep: 50, engineCheck: 500, engineConnect: 400, engineCall: 450, enginePause: 100 };
  const gateway = await boot({ env: first.env, timings });
  await add(gateway, "lite", peers.lite, "scalelite");
  await add(gateway, "third", peers.third, "bigbluebutton");
  const { pool, engines } = gateway.opened.services;
  await vi.waitUntil(() => pool.states().filter(({ answers }) => answers).length === 3, { timeout: 5_000 });

  const meetings = await Promise.all(Array.from({ length: 6 }, () => createMeeting(gateway)));
  const links = await Promise.all(meetings.map((meeting) => startMeeting(gateway, meeting)));
  const created = () => Object.values(peers).map((peer) => peer.calls("create").length);
  expect(created()).toEqual([2, 2, 2]);
  for (const peer of Object.values(peers)) {
    const sent = peer.calls("create").map(({ query }) => new URLSearchParams(query).get("meetingID"));
    expect(links.map(sessionOf)).toEqual(expect.arrayContaining(sent));
  }

  const third = engines.get("third");
  if (!third) throw new Error("no third engine");
  await peers.third.down();
  await vi.waitUntil(() => !pool.health.isWell(third), { timeout: 5_000 });
  for (const _ of [1, 2]) await startMeeting(gateway, await createMeeting(gateway));
  expect(created()).toEqual([3, 3, 2]);
  await peers.third.up();
  await vi.waitUntil(() => pool.health.isWell(third), { timeout: 5_000 });
  await startMeeting(gateway, await createMeeting(gateway));
  expect(created()).toEqual([3, 3, 3]);
  await gateway.stop();

  const again = await boot({ folder: gateway.folder, env: first.env, timings });
  for (const meeting of meetings) {
    expect((await again.v1(`end_meeting?meeting_id=${meeting}`, { key: gateway.key })).status).toBe(200);
  }
  expect(Object.values(peers).map((peer) => peer.calls("end").length)).toEqual([2, 2, 2]);
  expect(again.log() + gateway.log()).not.toContain(first.secret);
});

test("a server that does not know our secret fails its checks, so that it does not draw every session to fail there", async () => {
  const [good, bad] = [await bigbluebutton(), await bigbluebutton()];
  const gateway = await boot({ env: good.env, timings: { sweep: 50, engineCheck: 500 } });
  await add(gateway, "bad", { ...bad, secret: "another" }, "bigbluebutton");
  const { pool } = gateway.opened.services;
  const isOut = () => pool.states().some(({ name, answers }) => name === "bad" && answers === false);
  await vi.waitUntil(isOut, { timeout: 5_000 });
  await vi.waitUntil(() => gateway.log().includes("an engine does not answer"), { timeout: 5_000 });
  for (const _ of [1, 2, 3]) await startMeeting(gateway, await createMeeting(gateway));
  expect([good.calls("create").length, bad.calls("create").length]).toEqual([3, 0]);
});
