import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { openPage } from "../helpers/pages.js";
import { attendances } from "../room/rows.js";

const view = (page: Page, name: string) => page.waitForSelector(`body[data-view="${name}"]`, { timeout: 15_000 });

async function enter(page: Page, link: string) {
  await page.goto(link);
  await page.click("#enter");
  await view(page, "room");
}

test.skipIf(!hasBrowser)(
  "drain-1: after a restart a page that was inside comes back by itself, to the same stay",
  async () => {
    const first = await boot();
    const browser = await openBrowser();
    const link = await startMeeting(first, await createMeeting(first));
    const page = await openPage(browser);
    await enter(page, link);
    await first.stop();
    await page.waitForSelector('#status[data-tone="busy"]');
    expect(await page.isDisabled("#end")).toBe(true);

    const next = await boot({ folder: first.folder, env: { PORT: new URL(first.url).port } });
    await page.waitForSelector('#status[data-tone="good"]', { timeout: 15_000 });
    expect(await page.isEnabled("#end")).toBe(true);
    const [row] = await attendances(next, sessionOf(link), first.key);
    expect([row?.leftAt, row?.stays.length]).toEqual([null, 1]);
  },
);

test.skipIf(!hasBrowser)(
  "leave-1: after leaving to logout_url, Back leads to the button again, and enters nobody",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const link = await startMeeting(gateway, await createMeeting(gateway), { logout_url: `${gateway.url}/` });
    const page = await openPage(browser);
    await enter(page, link);
    await page.click("#leave");
    await page.waitForURL(`${gateway.url}/`);
    await page.goBack();
    await page.waitForSelector("#enter:enabled");
    await view(page, "door");
    const [row] = await attendances(gateway, sessionOf(link));
    expect([row?.stays.length, row?.leftAt === null]).toEqual([1, false]);
    await page.click("#enter");
    await view(page, "room");
    expect((await attendances(gateway, sessionOf(link)))[0]?.stays).toHaveLength(2);
  },
);

test.skipIf(!hasBrowser)(
  "link-3, limit-3, language-3: a full room says so, on a page of its own and at the button, in the browser's language",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const { key } = await gateway.license({ maxAttendance: 1 });
    const meetingId = await createMeeting(gateway, {}, { key });
    const link = await startMeeting(gateway, meetingId, {}, { key });
    const late = await joinMeeting(gateway, meetingId, "late", {}, { key });
    const waiting = await openPage(browser);
    await waiting.goto(late);
    await gateway.socket().enter(link);
    await waiting.click("#enter");
    await waiting.waitForSelector('#status[data-tone="problem"]');
    expect(await waiting.innerText("#status")).toContain("limit");
    await view(waiting, "door");
    for (const [locale, direction, heading] of [
      ["en-GB", "ltr", /full/],
      ["ar-EG", "rtl", /^[\u0600-\u06ff ]+$/],
    ] as const) {
      const page = await openPage(browser, { locale });
      expect((await page.goto(late))?.status()).toBe(409);
      expect(await page.getAttribute("html", "dir")).toBe(direction);
      expect(await page.innerText("h1")).toMatch(heading);
    }
  },
);
