import type { Page, WebSocketRoute } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { enter, view, visit } from "../people.js";
import { counted, watchConnections } from "../watching.js";

const voice = (page: Page, name: string) => page.locator(`#people .person:has-text("${name}") .voice`);

const within = { timeout: 20_000, interval: 200 };

test.skipIf(!hasBrowser)(
  "sound outlives a broken line, and comes back after a reload, and after a stay that was over",
  async () => {
    const gateway = await boot({ timings: { hold: 2_000 } });
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway);
    const own = { width: 700, height: 500, isOwn: true, withDevices: true };
    let line: WebSocketRoute | undefined;
    let isCut = false;
    const moderator = await visit(browser, await startMeeting(gateway, meetingId, { moderator_name: "Noor" }), {
      ...own,
      before: watchConnections,
    });
    const viewer = await visit(browser, await joinMeeting(gateway, meetingId, "Dana"), {
      ...own,
      async before(page) {
        await watchConnections(page);
        await page.routeWebSocket(/\/api\/room$/, (socket) => {
          line = socket;
          if (isCut) void socket.close({ code: 1012 });
          else socket.connectToServer();
        });
      },
    });
    const flows = async () => {
      for (const { page } of [moderator, viewer]) {
        const { energy } = await counted(page);
        await expect.poll(async () => (await counted(page)).energy, within).toBeGreaterThan(energy);
      }
    };
    for (const { page } of [moderator, viewer]) {
      await enter(page);
      await page.click("#mic");
    }
    await voice(viewer.page, "Noor").waitFor();
    await flows();
    const made = (page: typeof viewer.page) => page.evaluate<number>("connections.length");
    const before = await made(viewer.page);

    // The line alone: the same connection goes on.
    await line?.close({ code: 1012 });
    await viewer.page.waitForSelector('#status[data-tone="busy"]');
    await expect.poll(() => viewer.page.textContent("#status"), within).toContain("is back");
    await flows();
    expect(await made(viewer.page)).toBe(before);

    // For so long that the others were told that they left.
    isCut = true;
    await line?.close({ code: 1012 });
    await voice(moderator.page, "Dana").waitFor({ state: "detached" });
    isCut = false;
    await voice(moderator.page, "Dana").waitFor({ timeout: 20_000 });
    await flows();

    await viewer.page.reload();
    await view(viewer.page, "room");
    await voice(viewer.page, "Noor").waitFor();
    await viewer.page.click("#mic");
    await flows();
    expect([...moderator.complaints, ...viewer.complaints]).toEqual([]);
  },
  60_000,
);

test.skipIf(!hasBrowser)(
  "a description that was lost with the line is said again when the line is back, and what it allowed comes",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway);
    const started = await startMeeting(gateway, meetingId, { moderator_name: "Noor" });
    const lines: WebSocketRoute[] = [];
    let areSignalsLost = false;
    const come = async (link: string) => {
      const before = async (page: Page) => {
        await watchConnections(page);
        await page.routeWebSocket(/\/api\/room$/, (socket) => {
          lines.push(socket);
          const server = socket.connectToServer();
          socket.onMessage((frame) => {
            if (!areSignalsLost || !String(frame).includes('"signal"')) server.send(frame);
          });
        });
      };
      const { page } = await visit(browser, link, { width: 700, height: 500, isOwn: true, withDevices: true, before });
      await enter(page);
      await page.click("#mic");
      return page;
    };
    const setLock = async (on: boolean) => {
      const { body } = await gateway.graphql(
        `mutation ($input: UpdateSessionSettingsInput!) { updateSessionSettings(input: $input) { __typename } }`,
        { input: { sessionId: sessionOf(started), settings: { lockSettingsDisableCam: on } } },
      );
      expect(body.data.updateSessionSettings.__typename).toBe("UpdateSessionSettingsSuccess");
    };
    await setLock(true);
    const moderator = await come(started);
    const viewer = await come(await joinMeeting(gateway, meetingId, "Dana"));
    await expect.poll(async () => (await counted(moderator)).energy, within).toBeGreaterThan(0);
    await viewer.waitForSelector('#cam[aria-disabled="true"]');

    areSignalsLost = true;
    await setLock(false);
    await viewer.waitForSelector('#cam:not([aria-disabled="true"])');
    await viewer.click("#cam");
    await viewer.waitForTimeout(500);
    expect((await counted(moderator)).frames).toBe(0);
    areSignalsLost = false;
    for (const line of lines.splice(0)) await line.close({ code: 1012 });
    await expect.poll(async () => (await counted(moderator)).frames, within).toBeGreaterThan(5);
  },
);
