import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot, type RoomClient } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting, tenSettings } from "../helpers/meetings.js";
import { enter, visit } from "./people.js";

interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const boxes = (page: Page, selector: string) =>
  page.$$eval(selector, (all) =>
    (all as unknown as { getBoundingClientRect(): Box }[]).map((each) => {
      const { top, bottom, left, right } = each.getBoundingClientRect();
      return { top, bottom, left, right };
    }),
  );

const meets = (one: Box, other: Box): boolean =>
  one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;

/** Words that are wider than the button they stand in. */
const cut = (page: Page) =>
  page.$$eval(".tool, .tab", (all) =>
    (all as unknown as { scrollWidth: number; clientWidth: number; textContent: string }[])
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
      .map(({ textContent }) => textContent),
  );

test.skipIf(!hasBrowser).each(["ar-EG", "en-GB"])(
  "on the smallest phone, in %s, tabs and tools are in one row each, no word is cut, and what is pinned lies under nothing",
  async (locale) => {
    const gateway = await boot();
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId, { moderator_name: "Noor" });
    const clients: RoomClient[] = [];
    for (const name of ["Ann", "Ben", "Cleo", "Dan", "Eve"]) {
      const client = gateway.socket();
      await client.enter(await joinMeeting(gateway, meetingId, name));
      clients.push(client);
    }
    const { page } = await visit(await openBrowser(), link, { locale, width: 320, height: 568 });
    await enter(page);
    for (const client of clients) await client.say({ type: "chat", body: "hello" });
    await page.waitForSelector("#tab-chat .unread:has-text('5'), #tab-chat .unread:has-text('٥')");
    expect(new Set((await boxes(page, ".tabs > *")).map(({ top }) => top)).size).toBe(1);
    for (const [at, client] of clients.entries())
      await client.say({ type: "media", mic: true, cam: at === 0, screen: false });
    await page.waitForSelector(".tile:nth-child(6)");
    await page.click("#hand");
    await page.waitForSelector("#hand.is-on");
    expect(await cut(page)).toEqual([]);
    for (const row of [".tabs > *", ".toolbar > .tool"]) {
      expect(new Set((await boxes(page, row)).map(({ top }) => top)).size, row).toBe(1);
    }
    const covered = async () => {
      const tools = await boxes(page, ".tile:not(.large) .tile-tools");
      const initials = await boxes(page, ".tile:not(.large) .avatar");
      return initials.filter((initial) => tools.some((tool) => meets(initial, tool)));
    };
    expect(await covered()).toEqual([]);
    await page.locator(".tile-tools button").first().click();
    await page.waitForSelector(".tile.large");
    expect(await covered()).toEqual([]);
    const [large, ...others] = await boxes(page, ".tile");
    expect(large && others.filter((other) => meets(large, other))).toEqual([]);
    expect((large?.bottom ?? 0) - (large?.top ?? 0)).toBeGreaterThan(120);

    // On its side.
    await page.locator(".large .tile-tools button").first().click();
    await page.setViewportSize({ width: 568, height: 320 });
    const tiles = await boxes(page, ".tile");
    expect(tiles.filter((tile, at) => tiles.some((other, nth) => nth > at && meets(tile, other)))).toEqual([]);
    await page.click("#tab-chat");
    await page.fill("#message", "a word after another\n".repeat(9));
    const [[send], [tools]] = [await boxes(page, "#send"), await boxes(page, ".toolbar")];
    expect(send?.bottom).toBeLessThanOrEqual(tools?.top ?? 0);
  },
);

test.skipIf(!hasBrowser).each(["ar-EG", "en-GB"])(
  "on a small laptop, in %s, all that a moderator may do is in one row",
  async (locale) => {
    const gateway = await boot();
    const meeting_setting = tenSettings(false).map(({ setting }) => ({
      setting,
      value: /record$|stop_rec/.test(setting),
    }));
    const link = await startMeeting(gateway, await createMeeting(gateway, { meeting_setting }));
    const { page } = await visit(await openBrowser(), link, { locale, width: 900, height: 640 });
    await enter(page);
    const tools = (await boxes(page, ".toolbar .tool")).filter(({ left, right }) => right > left);
    expect(tools).toHaveLength(9);
    expect(new Set(tools.map(({ top }) => top)).size).toBe(1);
  },
);

test.skipIf(!hasBrowser)(
  "with letters twice as large a phone's page scrolls down alone, and nothing lies beside it",
  async () => {
    const gateway = await boot();
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId, { moderator_name: "Noor" });
    const { page } = await visit(await openBrowser(), link, { locale: "ar-EG", width: 390, height: 760, isOwn: true });
    const session = await page.context().newCDPSession(page);
    await session.send("Page.enable");
    await session.send("Page.setFontSizes", { fontSizes: { standard: 32 } });
    const client = gateway.socket();
    await client.enter(await joinMeeting(gateway, meetingId, "عبد الرحمن بن محمد بن عبد الله"));
    const beside = () =>
      page.evaluate<[number, string[]]>(`[
      document.documentElement.scrollWidth - document.documentElement.clientWidth,
      [...document.querySelectorAll("button:not(.chip)")].filter((button) => {
        const { left, right } = button.getBoundingClientRect();
        return left < -1 || right > innerWidth + 1 || button.scrollWidth > button.clientWidth + 1;
      }).map(({ textContent, ariaLabel }) => textContent || ariaLabel),
    ]`);
    expect(await beside()).toEqual([0, []]);
    await enter(page);
    const me = (await client.until(({ type }) => type === "joined")).person.id;
    await client.say({ type: "chat", body: "سؤال", to: me });
    await page.click("#react");
    expect(await beside()).toEqual([0, []]);
    await page.keyboard.press("Escape");
    await page.click("#tab-chat");
    await page.waitForSelector(".chip .unread");
    expect(await beside()).toEqual([0, []]);
  },
);
