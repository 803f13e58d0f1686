import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

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
export const browserArgs = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A process for each site, and one in reserve, each cost more than a page; ours are all of one site.
  "--disable-site-isolation-trials",
  // A camera that shows a clock and a microphone that beeps; who may use them, a test says.
  "--use-fake-device-for-media-stream",
  "--disable-features=WebRtcHideLocalIpsWithMdns",
  // Who shares shows the tab of this title, without being asked which.
  "--auto-select-tab-capture-source-by-title=Algebra",
];

let shared: Promise<Browser> | undefined;

export function browserPath(): string {
  if (!executablePath) throw new Error("there is no Chromium, and in CI the tests in a browser must run");
  return executablePath;
}

/** A real browser, one for all tests of this process. */
export async function openBrowser(): Promise<Browser> {
  return (shared ??= chromium.launch({ executablePath: browserPath(), args: browserArgs }));
}
