import { Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { engineKinds } from "../../src/engine/index.js";
import type { OpenEngine } from "../../src/engine/engine.js";
import { boot } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";

/** The built-in engine; who enters after `hold` is stored, and answered with all others when `release` is called. */
function heldEntrances() {
  let gate: Promise<void> | undefined;
  const seen = { stored: 0, listed: 0 };
  const open: OpenEngine = (setting) => {
    const { joined, inside } = setting.reports;
    const reports: typeof setting.reports = {
      ...setting.reports,
      async joined(arrival) {
        const outcome = await joined(arrival);
        seen.stored += 1;
        await gate;
        return outcome;
      },
      inside(sessionId) {
        seen.listed += 1;
        return inside(sessionId);
      },
    };
    return engineKinds.builtin.open({ ...setting, reports });
  };
  const hold = () => {
    let release = () => {};
    gate = new Promise((resolve) => (release = resolve));
    return release;
  };
  return { open, seen, hold };
}

/** Counts what the server writes of these frames; a client's are masked, and so not to be mistaken for them. */
function countWrites(type: string): () => number {
  let writes = 0;
  const write = Socket.prototype.write;
  const spy = vi.spyOn(Socket.prototype, "write").mockImplementation(function (this: Socket, ...args: unknown[]) {
    if (Buffer.isBuffer(args[0]) && args[0].includes(`"type":"${type}"`)) writes += 1;
    return write.apply(this, args as never);
  });
  onTestFinished(() => spy.mockRestore());
  return () => writes;
}

test("room-1: of a crowd that enters in one moment each is told once, with all the others; who was there is told of all in one write", async () => {
  const { open, seen, hold } = heldEntrances();
  const gateway = await boot({ openEngine: open, env: { TRUST_PROXY: "on" } });
  const meetingId = await createMeeting(gateway);
  const watcher = gateway.socket();
  await watcher.enter(await startMeeting(gateway, meetingId));
  const links = await Promise.all(Array.from({ length: 40 }, (_, at) => joinMeeting(gateway, meetingId, `p${at}`)));
  const clients = links.map(() => gateway.socket());
  await Promise.all(clients.map((client) => client.ready()));

  const release = hold();
  const writes = countWrites("joined");
  const entering = clients.map((client, at) => client.enter(links[at] ?? ""));
  await expect.poll(() => seen.stored).toBe(1 + links.length);
  release();
  for (const { people } of await Promise.all(entering)) expect(people).toHaveLength(1 + links.length);
  await expect.poll(() => watcher.frames.length).toBe(1 + links.length);
  expect(new Set(watcher.frames.slice(1).map(({ person }) => person.name)).size).toBe(links.length);
  for (const { frames } of clients) expect(frames.map(({ type }) => type)).toEqual(["entered"]);
  expect(writes()).toBe(1);
  expect(seen.listed).toBe(1);
});

test("room-1: what happens one after the other is told one after the other, and at once", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const watcher = gateway.socket();
  await watcher.enter(await startMeeting(gateway, meetingId));
  const link = await joinMeeting(gateway, meetingId, "in and out");
  for (let round = 0; round < 3; round += 1) {
    const client = gateway.socket();
    await client.enter(link);
    await client.say({ type: "leave" });
    expect((await client.closing()).code).toBe(1000);
  }
  const told = () => watcher.frames.slice(1).map(({ type }) => type);
  await expect.poll(told).toEqual(["joined", "left", "joined", "left", "joined", "left"]);
});

test("room-1: a name longer than a short frame, and a list longer than a long one, come whole", async () => {
  const gateway = await boot({ env: { TRUST_PROXY: "on" } });
  const meetingId = await createMeeting(gateway);
  const watcher = gateway.socket();
  await watcher.enter(await startMeeting(gateway, meetingId));
  const nameOf = (at: number) => `ن${at} `.padEnd(255, "م");
  const links = await Promise.all(Array.from({ length: 125 }, (_, at) => joinMeeting(gateway, meetingId, nameOf(at))));
  const clients = await Promise.all(
    links.map(async (link) => {
      const client = gateway.socket();
      await client.enter(link);
      return client;
    }),
  );
  const last = gateway.socket();
  const { people } = await last.enter(await joinMeeting(gateway, meetingId, nameOf(125)));
  expect(Buffer.byteLength(JSON.stringify(people))).toBeGreaterThan(0xffff);
  expect(people).toHaveLength(2 + clients.length);
  await expect.poll(() => watcher.frames.length).toBe(2 + clients.length);
  expect(watcher.frames.slice(1).map(({ person }) => person.name.length)).toEqual(clients.map(() => 255).concat(255));
});

test("leave-2, drain-1: who comes back after a restart is no news to whoever knows them inside", async () => {
  const env = { PUBLIC_URL: "http://meet.example" };
  const gateway = await boot({ env });
  const meetingId = await createMeeting(gateway);
  const first = await startMeeting(gateway, meetingId);
  const second = await joinMeeting(gateway, meetingId, "second");
  const third = await joinMeeting(gateway, meetingId, "third");
  for (const link of [first, second]) await gateway.socket().enter(link);
  await gateway.stop();

  const next = await boot({ folder: gateway.folder, env });
  const watcher = next.socket();
  expect((await watcher.enter(first)).people).toHaveLength(2);
  for (const link of [second, third]) await next.socket().enter(link);
  await watcher.frame("joined");
  expect(watcher.frames.slice(1).map(({ type, person }) => [type, person.name])).toEqual([["joined", "third"]]);
});
