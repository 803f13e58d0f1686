import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { builtPage, pageFileAddress } from "../../src/built-page.js";
import { environmentFor, temporaryFolder } from "../helpers/databases.js";
import { run } from "../start/process.js";

/** Over one line that is kept, because no new one is taken any more. */
function get(agent: Agent, url: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { "accept-language": "en" } }, (response) => {
      let text = "";
      response.on("data", (data) => (text += String(data)));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("error-2: a server out of file descriptors answers in its own words, and goes on when some are free again", async () => {
  const folder = temporaryFolder();
  const env = { PORT: "0", ...(await environmentFor(folder)), LOG_LEVEL: "info" };
  const started = run(["bash", "-c", `ulimit -n 250; exec ${process.execPath} dist/main.js`], env);
  const url = await started.url();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  // Read when it is asked for; the room's files are not.
  const asset = `${url}/console/styles.css`;
  const ofTheRoom = `${url}/api/${pageFileAddress(builtPage().script)}`;
  const before = await get(agent, asset);
  expect(before.status).toBe(200);

  const { hostname, port } = new URL(url);
  const idle: Socket[] = Array.from({ length: 300 }, () => connect(Number(port), hostname).on("error", () => {}));
  onTestFinished(() => idle.forEach((socket) => socket.destroy()));
  await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const during = await get(agent, asset);
  expect(during.status).toBe(500);
  expect(JSON.parse(during.text)).toMatchObject({ errors: [{ message: expect.stringContaining("Request id") }] });
  // Whoever opens a link now gets the page's files all the same.
  expect((await get(agent, ofTheRoom)).status).toBe(200);

  for (const socket of idle) socket.destroy();
  await expect.poll(async () => (await get(agent, asset)).status).toBe(200);
});
