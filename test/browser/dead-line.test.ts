import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { openPage } from "../helpers/pages.js";
import { openRelay } from "../helpers/relay.js";
import { attendances } from "../room/rows.js";
import { openBeside } from "../helpers/beside.js";

const options = { timeout: 15_000 };

test.skipIf(!hasBrowser)(
  "leave-2: a line that goes silent without closing is noticed by the page, which comes back to the same stay",
  async () => {
    let server = "";
    const relay = await openRelay(() => server);
    const gateway = await boot({ env: { PUBLIC_URL: relay.url }, timings: { ping: 300, hold: 20_000 } });
    server = gateway.url;
    const link = await startMeeting(gateway, await createMeeting(gateway));
    const page = await openPage(await openBrowser());
    const isSaid = new Promise<void>((resolve) => {
      page.on("websocket", (socket) => {
        socket.on("framereceived", ({ payload }) => String(payload).includes("still-here") && resolve());
      });
    });
    await page.goto(link);
    await page.click("#enter");
    await page.waitForSelector('#status[data-tone="good"]', options);
    await isSaid;
    relay.silence();
    await page.waitForSelector('#status[data-tone="busy"]', options);
    await expect.poll(() => page.textContent("#status"), options).toContain("is back");
    const [row] = await attendances(gateway, sessionOf(link));
    expect([row?.leftAt, row?.stays.length]).toEqual([null, 1]);
  },
);

test.skipIf(!hasBrowser)(
  "enter-2, drain-1: a first entry that is closed with 1013 or 1012 is tried again by the page itself, which says so",
  async () => {
    const gateway = await boot();
    const link = await startMeeting(gateway, await createMeeting(gateway));
    const page = await openPage(await openBrowser(), { isOwn: true });
    let restarts = 1;
    await page.routeWebSocket(/\/api\/room$/, async (socket) => {
      restarts -= 1;
      if (restarts >= 0) return socket.close({ code: 1012, reason: "restarting" });
      socket.connectToServer();
    });
    await page.goto(link);
    const other = openBeside(gateway);
    other.exec("BEGIN IMMEDIATE");
    await page.click("#enter");
    const said = async () => page.textContent("#status");
    await expect.poll(said, options).toContain("by itself");
    // The one after the restart meets a database that takes nothing, and says the same.
    await expect.poll(() => restarts, options).toBeLessThan(-1);
    expect(await said()).toContain("by itself");
    expect(await page.isDisabled("#enter")).toBe(true);
    other.exec("ROLLBACK");
    other.close();
    await page.waitForSelector('body[data-view="room"]', options);
  },
);

test.skipIf(!hasBrowser)(
  "a page that slept while its line died comes back as soon as it is shown again, long before it would notice by itself",
  async () => {
    let server = "";
    const relay = await openRelay(() => server);
    const gateway = await boot({ env: { PUBLIC_URL: relay.url } });
    server = gateway.url;
    const page = await openPage(await openBrowser(), { isOwn: true });
    await page.clock.install();
    await page.goto(await startMeeting(gateway, await createMeeting(gateway)));
    await page.click("#enter");
    await page.waitForSelector('#status[data-tone="good"]', options);
    relay.silence();
    await page.clock.fastForward(25_000);
    expect(await page.textContent("#status")).toBe("");
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await expect.poll(() => page.textContent("#status"), { timeout: 2_000 }).toContain("is back");
  },
);
