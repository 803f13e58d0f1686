import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { engineKinds } from "../../src/engine/index.js";
import { boot, RoomClient, temporaryFolder } from "../helpers/boot.js";
import { createMeeting, sessionOf, startMeeting, tenSettings } from "../helpers/meetings.js";
import { demoKeyOf, server } from "../start/process.js";
import { attendances, queryOf } from "./rows.js";

/** A request that is in the server, and whose body ends only when the test says so. */
async function slowRequest(url: string, key: string) {
  const body = JSON.stringify({ title: "slow", meeting_setting: tenSettings() });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let received = "";
  const changed = () => once(socket, "data");
  socket.on("data", (data) => (received += String(data)));
  const headers = `host: x\r\nlicense: ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  // Sent in one piece behind one that is answered at once: when that answer is here, this one has begun.
  const ahead = "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n";
  socket.write(`${ahead}POST /api/v1/create_meeting/ HTTP/1.1\r\n${headers}\r\n\r\n${body.slice(0, 50)}`);
  while (!received.includes("HTTP/1.1 200")) await changed();
  return {
    async finish(): Promise<number> {
      socket.write(body.slice(50));
      for (;;) {
        const [, , status] = /HTTP\/1\.1 (\d+)[^]*HTTP\/1\.1 (\d+)/.exec(received) ?? [];
        if (status !== undefined) return Number(status);
        await changed();
      }
    },
  };
}

test("drain-1: SIGTERM: the request in flight is answered, every socket closes with 1012, exit 0 within 10 s, deaf ones or not", async () => {
  const process = await server(temporaryFolder());
  const url = await process.url();
  const key = demoKeyOf(process.out()) ?? "";
  const v1 = async (path: string, body: object) => {
    const headers = { license: key, "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { data: { meeting_id: string; url: string } }).data;
  };
  const { meeting_id } = await v1("create_meeting/", { meeting_setting: tenSettings() });
  const { url: link } = await v1("start_meeting/", { meeting_id, moderator_name: "mod1" });
  const inside = new RoomClient(url);
  await inside.enter(link);
  const atTheDoor = new RoomClient(url);
  const deaf = new RoomClient(url);
  await Promise.all([atTheDoor.ready(), deaf.ready()]);
  deaf.socket.pause();
  const slow = await slowRequest(url, key);

  const asked = Date.now();
  process.child.kill("SIGTERM");
  for (const client of [inside, atTheDoor]) expect((await client.closing()).code).toBe(1012);
  expect(await slow.finish()).toBe(201);
  expect(await process.ended).toEqual({ code: 0, signal: null });
  // Deaf ones get 2 s; without being cut off, connections kept alive would take 8.
  expect(Date.now() - asked).toBeLessThan(7_000);
  deaf.socket.resume();
});

test("drain-1: whose entrance is not answered yet at the shutdown gets 1012 too, and goes on with the same stay after it", async () => {
  const env = { PUBLIC_URL: "http://meet.example" };
  let committed = () => {};
  let answer = () => {};
  const isCommitted = new Promise<void>((resolve) => (committed = resolve));
  const held = new Promise<void>((resolve) => (answer = resolve));
  const gateway = await boot({
    env,
    openEngine(setting) {
      const joined: typeof setting.reports.joined = async (arrival) => {
        const outcome = await setting.reports.joined(arrival);
        committed();
        await held;
        return outcome;
      };
      return engineKinds.builtin.open({ ...setting, reports: { ...setting.reports, joined } });
    },
  });
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const client = gateway.socket();
  await client.say({ type: "enter", link: queryOf(link) });
  await isCommitted;
  const stopped = gateway.stop();
  expect((await client.closing()).code).toBe(1012);
  answer();
  await stopped;

  const next = await boot({ folder: gateway.folder, env });
  await next.socket().enter(link);
  const [row] = await attendances(next, sessionOf(link), gateway.key);
  expect(row?.stays).toHaveLength(1);
  expect(row?.leftAt).toBeNull();
});
