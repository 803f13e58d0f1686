import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { onTestFinished } from "vitest";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/**
 * Whether browser tests can run: `test.skipIf(!hasBrowser)`. On a machine without a browser they are skipped, and it is
 * said; in CI nothing is skipped, so there they run and fail.
 */
export const hasBrowser = executablePath !== undefined || Boolean(process.env["CI"]);

if (!hasBrowser) console.warn("No Chromium on this machine: the tests in a browser are skipped.");

// Nothing of the browser's own may go out or come between: no updates, no first-run pages, no sync.
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let shared: Promise<Browser> | undefined;

/** A real browser, one for all tests of this process; what a test opened in it is closed with the test. */
export async function openBrowser(): Promise<Browser> {
  if (!executablePath) throw new Error("there is no Chromium, and in CI the tests in a browser must run");
  shared ??= chromium.launch({ executablePath, args });
  const browser = await shared;
  onTestFinished(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  return browser;
}
