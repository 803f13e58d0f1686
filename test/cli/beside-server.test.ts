import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
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
  return {
    listMeetings: async (key: string) => {
      const url = `http://127.0.0.1:${port}/api/v1/list_meetings/`;
      return (await fetch(url, { headers: { license: key } })).status;
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

  test("tools at once, on a database that none of them finds yet: each does its work", async () => {
    using tool = newTool();
    const names = ["One", "Two"];
    const created = await Promise.all(names.map((name) => tool.create("--name", name)));
    expect(new Set(created.map(({ key }) => key)).size).toBe(2);
    expect(await tool.licenses()).toHaveLength(2);
  });
});
