import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { openRelay } from "../helpers/relay.js";
import { enter, visit } from "./people.js";

const stands = (page: Page, text: string) =>
  expect.poll(() => page.inputValue("#notes-text"), { timeout: 5_000 }).toBe(text);
type Field = { value: string; selectionStart: number; setSelectionRange(from: number, to: number): void };

const caret = (page: Page) => page.$eval("#notes-text", (area) => (area as unknown as Field).selectionStart);

test.skipIf(!hasBrowser)(
  "people write notes together: carets stay with their letters, what is written offline comes after, locks hold, moderators save a file",
  async () => {
    let server = "";
    const line = await openRelay(() => server);
    const gateway = await boot({ env: { PUBLIC_URL: line.url } });
    server = gateway.url;
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway, { title: "Algebra" });
    const moderator = await visit(browser, await startMeeting(gateway, meetingId, { moderator_name: "Noor" }));
    const loaded: string[] = [];
    moderator.page.on("response", (response) => loaded.push(response.url()));
    await enter(moderator.page);
    const before = loaded.length;
    await moderator.page.click("#tab-notes");
    const area = moderator.page.locator("#notes-text:not([readonly])");
    await area.fill("one two\nمرحبا 👋");
    // What writes came with the panel and not before.
    expect(loaded.slice(before).filter((url) => url.endsWith(".js"))).toHaveLength(1);

    const client = gateway.socket();
    await client.enter(await joinMeeting(gateway, meetingId, "Dana"));
    const other = await new NotesClient(client).open();
    await other.reads("one two\nمرحبا 👋");
    await area.evaluate((field) => (field as unknown as Field).setSelectionRange(4, 4));
    await other.say(other.change(() => other.text.insert(0, "zero ")));
    await stands(moderator.page, "zero one two\nمرحبا 👋");
    expect(await caret(moderator.page)).toBe(9);
    await moderator.page.keyboard.insertText("and ");
    await other.reads("zero one and two\nمرحبا 👋");
    await expect.poll(() => moderator.page.textContent("#announcements"), { timeout: 5_000 }).toContain("Dana");

    // A line that breaks holds nobody up.
    line.cut();
    await moderator.page.waitForSelector('#status[data-tone="busy"]');
    await moderator.page.keyboard.insertText("offline ");
    await other.say(other.change(() => other.text.delete(0, 5)));
    line.mend();
    await other.reads("one and offline two\nمرحبا 👋");
    await stands(moderator.page, "one and offline two\nمرحبا 👋");

    const saving = moderator.page.waitForEvent("download");
    await moderator.page.click("#save-notes");
    const file = await saving;
    expect(file.suggestedFilename()).toBe("Algebra - Notes.txt");

    const viewer = await visit(browser, await joinMeeting(gateway, meetingId, "Carl"), {
      locale: "ar",
      width: 360,
      height: 640,
    });
    await enter(viewer.page);
    await viewer.page.click("#tab-notes");
    await viewer.page.fill("#notes-text:not([readonly])", "لا شيء");
    await stands(moderator.page, "لا شيء");
    await moderator.page.click("#more");
    await moderator.page.click("#lockSettingsDisableNote");
    await viewer.page.waitForSelector("#notes-text[readonly]");
    expect(await viewer.page.textContent("#notes-locked")).toMatch(/أقفل/);
    expect(await viewer.page.locator("#save-notes").count()).toBe(0);
    // A page that was made to write all the same is refused, says so, and shows what is there.
    await viewer.page.$eval("#notes-text", (field) => {
      (field as unknown as Field).value = "graffiti";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await stands(viewer.page, "لا شيء");
    expect(other.text.toJSON()).toBe("لا شيء");
    expect([...moderator.complaints, ...viewer.complaints]).toEqual([]);
  },
);
