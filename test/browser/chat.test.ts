import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { openRelay } from "../helpers/relay.js";
import { enter, view, visit } from "./people.js";

const bodies = (page: Page) => page.locator(".message:not(.unsent) .body").allInnerTexts();

async function write(page: Page, body: string): Promise<void> {
  await page.fill("#message", body);
  await page.press("#message", "Enter");
}

test.skipIf(!hasBrowser)(
  "people write to all and to one; addresses can be opened, and nothing else means anything; what is unread is counted",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway, { title: "Algebra" });
    const moderator = await visit(browser, await startMeeting(gateway, meetingId, { moderator_name: "نور" }));
    const link = await joinMeeting(gateway, meetingId, "Dana");
    const viewer = await visit(browser, link, { locale: "ar-EG", width: 360, height: 640 });
    await enter(moderator.page);
    await enter(viewer.page);

    const text = "<b>see</b> https://example.org/a?b=1&c=(2). javascript:alert(1)";
    await write(moderator.page, text);
    await expect.poll(() => bodies(moderator.page)).toEqual([text]);
    await expect.poll(() => viewer.page.title()).toBe("(١) Algebra");
    await viewer.page.click("#tab-chat");
    await expect.poll(() => bodies(viewer.page)).toEqual([text]);
    await expect.poll(() => viewer.page.title()).toBe("Algebra");
    const links = viewer.page.locator(".message a");
    expect([await links.count(), await links.getAttribute("href"), await links.getAttribute("rel")]).toEqual([
      1,
      "https://example.org/a?b=1&c=(2)",
      "noopener noreferrer nofollow",
    ]);
    await write(viewer.page, "جواب\nسطر ثان");
    await expect.poll(() => bodies(moderator.page)).toEqual([text, "جواب\nسطر ثان"]);
    await expect.poll(() => moderator.page.textContent("#announcements"), { timeout: 5_000 }).toContain("جواب");

    // To one alone: nobody else hears of it.
    const other = gateway.socket();
    await other.enter(await joinMeeting(gateway, meetingId, "Carl"));
    await moderator.page.click("#people .person:has-text('Dana') button");
    await moderator.page.click("#write-to");
    await write(moderator.page, "between us");
    await expect.poll(() => bodies(moderator.page)).toEqual(["between us"]);
    await viewer.page.click(".chip:has-text('نور')");
    await expect.poll(() => bodies(viewer.page)).toEqual(["between us"]);
    await write(moderator.page, "more");
    expect((await other.frame("chats")).messages).toHaveLength(2);

    // Who comes back sees what was said, once.
    await viewer.page.reload();
    await viewer.page.waitForSelector('body[data-view="room"]');
    await viewer.page.click("#tab-chat");
    await expect.poll(() => bodies(viewer.page)).toEqual([text, "جواب\nسطر ثان"]);
    await viewer.page.click(".chip:has-text('نور')");
    await expect.poll(() => bodies(viewer.page)).toEqual(["between us", "more"]);
    expect([...moderator.complaints, ...viewer.complaints]).toEqual([]);
  },
);

test.skipIf(!hasBrowser)(
  "where the moderators lock chat a viewer reads why, and what was typed stays; a message that is too long is not sent",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway);
    const moderator = await visit(browser, await startMeeting(gateway, meetingId, { moderator_name: "Noor" }));
    const viewer = await visit(browser, await joinMeeting(gateway, meetingId, "Dana"));
    await enter(moderator.page);
    await enter(viewer.page);
    await viewer.page.fill("#message", "half a thou");
    const lock = async (name: string) => {
      await moderator.page.click("#more");
      await moderator.page.click(`#lockSettingsDisable${name}`);
      await moderator.page.waitForSelector(`#lockSettingsDisable${name}`);
      await moderator.page.keyboard.press("Escape");
    };
    await lock("PublicChat");
    await viewer.page.waitForSelector(".locked");
    expect(await viewer.page.innerText(".locked")).toContain("locked public chat");
    expect(await moderator.page.isVisible("#message")).toBe(true);
    await viewer.page.click("#people .person:has-text('Noor') button");
    await viewer.page.click("#write-to");
    await write(viewer.page, "to a moderator");
    await expect.poll(() => bodies(viewer.page)).toEqual(["to a moderator"]);
    await lock("PublicChat");
    await viewer.page.click(".chip >> nth=0");
    await expect.poll(() => viewer.page.inputValue("#message")).toBe("half a thou");

    await viewer.page.fill("#message", "😀".repeat(2_001));
    expect(await viewer.page.isDisabled("#send")).toBe(true);
    expect(await viewer.page.innerText("#counter")).toContain("1");
    await write(viewer.page, "😀".repeat(2_000));
    await expect.poll(() => bodies(moderator.page)).toEqual(["😀".repeat(2_000)]);
  },
);

test.skipIf(!hasBrowser)(
  "what is written while the line is broken waits here and is told once when it is back; what was missed comes after",
  async () => {
    let server = "";
    const line = await openRelay(() => server);
    const gateway = await boot({ env: { PUBLIC_URL: line.url } });
    server = gateway.url;
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId);
    const viewer = gateway.socket();
    await viewer.enter(await joinMeeting(gateway, meetingId, "Dana"));
    const { page } = await visit(browser, link);
    await enter(page);
    line.cut();
    await page.waitForSelector('#status[data-tone="busy"]');
    await write(page, "mine");
    await page.waitForSelector(".message.unsent");
    await page.fill("#message", "still typing");
    await viewer.say({ type: "chat", body: "missed" });
    await viewer.frame("chat");
    line.mend();
    await expect.poll(() => bodies(page), { timeout: 15_000 }).toEqual(["missed", "mine"]);
    expect(await page.inputValue("#message")).toBe("still typing");
    expect(await page.locator(".message.unsent").count()).toBe(0);
    expect(viewer.frames.filter(({ type }) => type === "chat").map(({ body }) => body)).toEqual(["missed", "mine"]);
    await page.reload();
    await view(page, "room");
    expect(await page.inputValue("#message")).toBe("still typing");
  },
);
