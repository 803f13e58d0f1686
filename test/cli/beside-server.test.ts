import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { RoomClient } from "../helpers/boot.js";
import { sessionOf, tenSettings } from "../helpers/meetings.js";
import { built, newTool, type Tool } from "./tool.js";

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** The real server process on the tool's database, once it is ready. */
async function startServer({ env }: Tool) {
  const port = await freePort();
  const server = spawn(process.execPath, [built("main.js")], {
    env: { ...env, PORT: String(port), LOG_LEVEL: "silent" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  await Promise.race([once(server.stdout, "data"), ended.then(() => Promise.reject(new Error("the server ended")))]);
  const url = `http://127.0.0.1:${port}`;
  const v1 = (path: string, license: string, body?: object) => {
    const post = { method: "POST", body: JSON.stringify(body) };
    const headers = { license, "content-type": "application/json" };
    return fetch(`${url}/api/v1/${path}/`, { headers, ...(body && post) });
  };
  const dataOf = async (answer: Response) =>
    ((await answer.json()) as { data: { meeting_id: string; url: string } }).data;
  return {
    listMeetings: async (key: string) => (await v1("list_meetings", key)).status,
    /** Someone in the room of a meeting that has just been started. */
    enterNewRoom: async (key: string) => {
      const { meeting_id } = await dataOf(await v1("create_meeting", key, { meeting_setting: tenSettings() }));
      const { url: link } = await dataOf(await v1("start_meeting", key, { meeting_id, moderator_name: "Mona" }));
      const person = new RoomClient(url);
      await person.enter(link);
      return { person, link };
    },
    stop: async () => {
      server.kill("SIGTERM");
      await ended;
    },
  };
}

describe("beside others", () => {
  test("limit-1: beside a running server, what the tool did counts from the next request on", async () => {
    using tool = newTool();
    const server = await startServer(tool);
    try {
      const { id, key } = await tool.create("--name", "Acme");
      expect(await server.listMeetings(key)).toBe(200);
      await tool.ok("license", "revoke", id);
      expect(await server.listMeetings(key)).toBe(401);
    } finally {
      await server.stop();
    }
  });

  test("end-2, leave-3: beside a running server, ending a session sends out who is in its room, and nobody else", async () => {
    using tool = newTool();
    const server = await startServer(tool);
    try {
      const { key } = await tool.create("--name", "Acme");
      const { person, link } = await server.enterNewRoom(key);
      const { person: other } = await server.enterNewRoom(key);
      expect(await tool.ok("session", "end", sessionOf(link))).toContain("1 person was sent out");
      await person.frame("ended");
      expect((await person.closing()).code).toBe(4000);
      expect((await fetch(link)).status).toBe(410);
      expect(other.closed).toBeUndefined();
    } finally {
      await server.stop();
    }
  });

  test("tools at once, on a database that none of them finds yet: each does its work", async () => {
    using tool = newTool();
    const names = ["One", "Two"];
    const created = await Promise.all(names.map((name) => tool.create("--name", name)));
    expect(new Set(created.map(({ key }) => key)).size).toBe(2);
    expect(await tool.licenses()).toHaveLength(2);
  });
});
