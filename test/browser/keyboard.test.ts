import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { enter, visit } from "./people.js";

test.skipIf(!hasBrowser)(
  "by keys alone: whatever was opened is closed by Escape or by its button, and the focus is where it was before",
  async () => {
    const gateway = await boot();
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId);
    await gateway.socket().enter(await joinMeeting(gateway, meetingId, "John"));
    const { page } = await visit(await openBrowser(), link);
    await page.waitForSelector("#enter:focus");
    await page.keyboard.press("Enter");
    const options = page.locator("#people .person:nth-child(2) button");
    for (const [opener, steps] of [
      ["#more", ["#about"]],
      ["#end", []],
      ["#people .person:nth-child(2) button", ["#remove"]],
    ] as const) {
      await page.locator(opener).press("Enter");
      for (const step of steps) await page.locator(`dialog[open] ${step}`).press("Enter");
      await page.keyboard.press("Escape");
      await expect.poll(() => page.locator("dialog[open]").count()).toBe(0);
      await page.waitForSelector(`${opener}:focus`);
    }
    await options.press("Enter");
    await page.locator("#person-dialog header button").press("Enter");
    await page.waitForSelector("#people .person:nth-child(2) button:focus");
  },
);

test.skipIf(!hasBrowser)(
  "on the narrowest phone what is said of the line covers neither tabs nor people, and the tabs stand side by side",
  async () => {
    const gateway = await boot();
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId);
    const viewer = gateway.socket();
    await viewer.enter(await joinMeeting(gateway, meetingId, "John"));
    const { page } = await visit(await openBrowser(), link, { locale: "ar-EG", width: 320, height: 640 });
    await enter(page);
    await page.click("#tab-people");
    await viewer.say({ type: "chat", body: "hello" });
    await page.waitForSelector("#tab-chat .unread");
    const box = async (selector: string) => (await page.locator(selector).boundingBox()) ?? { y: NaN, height: NaN };
    const [people, chat] = [await box("#tab-people"), await box("#tab-chat")];
    expect(chat.y).toBe(people.y);
    const status = await box('#status[data-tone="good"]');
    expect(status.y + status.height).toBeLessThanOrEqual(people.y);
  },
);

test.skipIf(!hasBrowser)(
  "a door whose script never comes says so after a while, with a way to try again; one whose script comes never does",
  async () => {
    const gateway = await boot();
    const link = await startMeeting(gateway, await createMeeting(gateway));
    const browser = await openBrowser();
    const { page: whole } = await visit(browser, link);
    await whole.waitForSelector("#enter");
    expect(await whole.locator(".late").count()).toBe(0);

    const { page } = await visit(browser, "about:blank");
    await page.route(/\.js$/, (route) => route.abort());
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(link);
    expect(await page.locator(".late").isVisible()).toBe(false);
    const way = async (of: typeof page) => (await of.locator(".way-in button").boundingBox())?.y;
    expect(await way(page)).toBe(await way(whole));
    await page.evaluate("for (const each of document.getAnimations()) each.finish()");
    expect(await page.locator(".late").isVisible()).toBe(true);
    await page.unrouteAll();
    await page.click(".late a");
    await page.waitForSelector("#enter:not(:disabled)");
  },
);
