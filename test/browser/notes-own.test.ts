import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { enter, visit } from "./people.js";

const stands = (page: Page, text: string) =>
  expect.poll(() => page.inputValue("#notes-text"), { timeout: 5_000 }).toBe(text);

/** Someone in a browser and someone else, inside; the latter has the notes open. */
async function two(options?: { locale: string }) {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const { page, complaints } = await visit(await openBrowser(), await startMeeting(gateway, meetingId), options);
  await enter(page);
  const client = gateway.socket();
  await client.enter(await joinMeeting(gateway, meetingId, "Dana"));
  const other = await new NotesClient(client).open();
  return { page, complaints, other };
}

test.skipIf(!hasBrowser)(
  "one takes back what one wrote oneself, and does it again; others' letters stay",
  async () => {
    const { page, complaints, other } = await two();
    await page.click("#tab-notes");
    const area = page.locator("#notes-text:not([readonly])");
    await area.pressSequentially("mine");
    await other.reads("mine");
    await other.say(other.change(() => other.text.insert(0, "theirs ")));
    await stands(page, "theirs mine");
    await page.keyboard.press("Control+z");
    await stands(page, "theirs ");
    await other.reads("theirs ");
    // There is nothing more of one's own.
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+Shift+z");
    await other.reads("theirs mine");
    await page.keyboard.type("!");
    await stands(page, "theirs mine!");

    // More than one frame holds, in letters that take three bytes each.
    const long = "あいうえお\n".repeat(1_200);
    await area.fill(long);
    await other.reads(long);
    await page.waitForTimeout(600);
    await area.fill("");
    await other.reads("");
    await page.keyboard.press("Control+z");
    await stands(page, long);
    await other.client.until(() => other.text.toJSON() === long);
    expect(complaints).toEqual([]);
  },
  90_000,
);

test.skipIf(!hasBrowser)(
  "who looks elsewhere sees by a mark that somebody writes in the notes, once opened or not",
  async () => {
    const { page, complaints, other } = await two({ locale: "ar-EG" });
    const tab = page.locator("#tab-notes");
    expect(await tab.locator(".unread-mark").count()).toBe(0);
    await other.write("first");
    await tab.locator(".unread-mark").waitFor();
    expect(await tab.innerText()).toMatch(/الملاحظات\s+كُتب فيها جديد/);
    await tab.click();
    await tab.locator(".unread-mark").waitFor({ state: "detached" });
    await stands(page, "first");
    await page.click("#tab-chat");
    await other.write(" second");
    await tab.locator(".unread-mark").waitFor();
    await tab.click();
    await stands(page, "first second");
    await other.write(" third");
    await stands(page, "first second third");
    expect(await tab.locator(".unread-mark").count()).toBe(0);
    expect(complaints).toEqual([]);
  },
);
