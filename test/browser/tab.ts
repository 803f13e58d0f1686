import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { browserPath } from "../helpers/browser.js";
import { temporaryFolder } from "../helpers/boot.js";

const args = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--window-size=1200,800",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--remote-debugging-port=0",
];

type Answer = { id?: number; result?: { result?: { value?: unknown } } };

/**
 * A tab of a browser of its own, which another tab can be put before: Playwright tells each of its pages that it is seen,
 * always, so there no page ever learns what becomes of it behind another.
 */
export async function openTab(address: string) {
  const browser = spawn(browserPath(), [...args, `--user-data-dir=${temporaryFolder()}/profile`, address], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(async () => {
    browser.kill("SIGKILL");
    await once(browser, "exit");
  });
  const port = await new Promise<string>((resolve) => {
    let said = "";
    browser.stderr.on("data", (words: Buffer) => {
      said += words.toString();
      const [, found] = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const ask = async (path: string, method = "GET") =>
    (await fetch(`http://127.0.0.1:${port}/json/${path}`, { method })).text();
  const find = async () => {
    const tabs = JSON.parse(await ask("list")) as { url: string; webSocketDebuggerUrl: string }[];
    return tabs.find(({ url }) => url.startsWith(address))?.webSocketDebuggerUrl;
  };
  await expect.poll(find, { timeout: 15_000 }).toBeDefined();
  const socket = new WebSocket((await find()) ?? "");
  await once(socket, "open");
  const waiting = new Map<number, (value: unknown) => void>();
  socket.on("message", (data: Buffer) => {
    const { id = 0, result } = JSON.parse(data.toString()) as Answer;
    waiting.get(id)?.(result?.result?.value);
  });
  let asked = 0;

  const evaluate = (expression: string) =>
    new Promise((resolve) => {
      waiting.set(++asked, resolve);
      const params = { expression, returnByValue: true, awaitPromise: true };
      socket.send(JSON.stringify({ id: asked, method: "Runtime.evaluate", params }));
    });
  return {
    evaluate,
    /** As soon as it is there. */
    async click(selector: string) {
      const button = `document.querySelector(${JSON.stringify(`${selector}:not([disabled])`)})`;
      await expect.poll(() => evaluate(`${button} !== null`), { timeout: 15_000 }).toBe(true);
      await evaluate(`${button}.click()`);
    },
    /** Another tab before it. */
    async hide() {
      const { id } = JSON.parse(await ask("new?about:blank", "PUT")) as { id: string };
      await ask(`activate/${id}`);
    },
  };
}
