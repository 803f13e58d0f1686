import { execFileSync } from "node:child_process";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { builtPage, pageFileAddress } from "../../src/built-page.js";
import { mostLines } from "../../src/http/descriptors.js";
import { environmentFor, temporaryFolder } from "../helpers/databases.js";
import { demoKeyOf, run } from "../start/process.js";

/** Over one line that is kept, because no new one is taken any more. */
function get(agent: Agent, url: string, more = {}): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { "accept-language": "en", ...more } }, (response) => {
      let text = "";
      response.on("data", (data) => (text += String(data)));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** A production's start with so few descriptors. */
async function startWith(descriptors: number) {
  const env = { PORT: "0", ...(await environmentFor(temporaryFolder())), LOG_LEVEL: "info" };
  const started = run(["bash", "-c", `ulimit -n ${descriptors}; exec ${process.execPath} dist/main.js`], env);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return { started, url: await started.url(), agent };
}

test("error-2: a server out of file descriptors answers in its own words, and goes on when some are free again", async () => {
  const { started, url, agent } = await startWith(250);
  // Read when it is asked for; the room's files are not.
  const asset = `${url}/console/styles.css`;
  const ofTheRoom = `${url}/api/${pageFileAddress(builtPage().script)}`;
  const before = await get(agent, asset);
  expect(before.status).toBe(200);

  const allow = (most: number) => execFileSync("prlimit", ["--pid", String(started.child.pid), `--nofile=${most}:250`]);
  allow(5);
  const during = await get(agent, asset);
  expect(during.status).toBe(500);
  expect(JSON.parse(during.text)).toMatchObject({ errors: [{ message: expect.stringContaining("Request id") }] });
  // Whoever opens a link now gets the page's files all the same.
  expect((await get(agent, ofTheRoom)).status).toBe(200);

  allow(250);
  expect((await get(agent, asset)).status).toBe(200);
});

test("what is loaded when it is first needed comes once there are descriptors again, also where it was asked for without any", async () => {
  const { started, url, agent } = await startWith(250);
  const key = demoKeyOf(started.out()) ?? "";
  const answered = async (path: string) => {
    const headers = { license: key, "apollo-require-preflight": "1" };
    return [path, (await get(agent, url + path, headers)).status];
  };
  // Before what checks v1's requests is made by itself, soon after the start.
  const parts = ["/api/v1/list_meetings/", "/docs/limits.md", "/console/", "/graphql?query={license{name}}"];
  // A list of files, which is made once.
  expect(await answered("/docs/")).toEqual(["/docs/", 200]);

  const allow = (most: number) => execFileSync("prlimit", ["--pid", String(started.child.pid), `--nofile=${most}:250`]);
  allow(5);
  for (const path of parts.slice(1)) expect(await answered(path)).toEqual([path, 500]);
  await answered(parts[0] ?? "");

  allow(250);
  for (const path of parts) expect(await answered(path)).toEqual([path, 200]);
});

test("more lines than there are descriptors leave the server enough for its files, and what it loads late; its operator is told", async () => {
  const { started, url, agent } = await startWith(250);
  expect((await get(agent, `${url}/health/live`)).status).toBe(200);
  const { hostname, port } = new URL(url);
  const idle: Socket[] = Array.from({ length: 300 }, () => connect(Number(port), hostname).on("error", () => {}));
  onTestFinished(() => idle.forEach((socket) => socket.destroy()));
  await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  await expect.poll(() => started.out()).toContain("154 connections are open");
  for (const late of ["console/styles.css", "docs/limits.md", "console/"]) {
    expect([late, (await get(agent, `${url}/${late}`)).status]).toEqual([late, 200]);
  }
  for (const socket of idle) socket.destroy();
  const fresh = async () => (await fetch(`${url}/docs/`).catch(() => undefined))?.status;
  await expect.poll(fresh).toBe(200);
});

test("so many lines may be open as leave an eighth of the descriptors free, 96 at least and 1,024 at most, and never less than half", () => {
  const bounds = [100, 250, 1_024, 20_000, Number.POSITIVE_INFINITY].map((descriptors) => mostLines(descriptors));
  expect(bounds).toEqual([50, 154, 896, 18_976, Number.POSITIVE_INFINITY]);
});
