import type { CDPSession, Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { enter, visit } from "./people.js";

/** Someone in a browser, and someone else inside who has the notes open. */
async function room() {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const { page, complaints } = await visit(await openBrowser(), await startMeeting(gateway, meetingId));
  await enter(page);
  const client = gateway.socket();
  await client.enter(await joinMeeting(gateway, meetingId, "Dana"));
  const keyboard = await page.context().newCDPSession(page);
  return { page, complaints, keyboard, client };
}

/** As a keyboard of Japanese, Chinese or Android has it, letter by letter under the line. */
async function compose(keyboard: CDPSession, ...steps: string[]): Promise<void> {
  for (const text of steps) {
    await keyboard.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  }
}
const commit = (keyboard: CDPSession, text: string) => keyboard.send("Input.insertText", { text });

const stands = (page: Page, selector: string, text: string) =>
  expect.poll(() => page.inputValue(selector), { timeout: 5_000 }).toBe(text);

test.skipIf(!hasBrowser)(
  "words that are composed stand in the notes once and whole, also while others write; Enter within one does nothing else",
  async () => {
    const { page, complaints, keyboard, client } = await room();
    const other = await new NotesClient(client).open();
    await page.click("#tab-notes");
    await page.locator("#notes-text:not([readonly])").fill("in ");
    await other.reads("in ");
    await compose(keyboard, "に", "にほ", "にほn");
    await other.say(other.change(() => other.text.insert(0, "before ")));
    // What others write waits: it would break the word off.
    expect(await page.inputValue("#notes-text")).toBe("in にほn");
    await compose(keyboard, "にほん");
    await commit(keyboard, "日本");
    await stands(page, "#notes-text", "before in 日本");
    await other.reads("before in 日本");
    // Android composes each word, and takes the one before up again to mend it.
    await compose(keyboard, " t", " th", " the", " teh");
    await commit(keyboard, " the");
    await compose(keyboard, "!", "!?");
    await commit(keyboard, "!?");
    await other.reads("before in 日本 the!?");
    // A composition that is given up leaves nothing.
    await compose(keyboard, "x", "xy", "");
    await commit(keyboard, ".");
    await stands(page, "#notes-text", "before in 日本 the!?.");
    await other.reads("before in 日本 the!?.");
    expect(complaints).toEqual([]);
  },
);

test.skipIf(!hasBrowser)("a message is sent by Enter, and not by the one that ends a composition", async () => {
  const { page, complaints, keyboard, client } = await room();
  await page.click("#message");
  await compose(keyboard, "し", "しゃ");
  // Windows and macOS say 229 for keys that the composition takes; Safari ends the composition before it says so.
  await page.keyboard.press("Enter");
  await page.evaluate(`document.getElementById("message").dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }))`);
  expect(await page.locator(".message").count()).toBe(0);
  await page.fill("#message", "");
  await compose(keyboard, "し", "しゃ");
  await commit(keyboard, "社");
  await stands(page, "#message", "社");
  await page.keyboard.press("Enter");
  expect((await client.until(({ type }) => type === "chat")).body).toBe("社");
  await stands(page, "#message", "");
  expect(complaints).toEqual([]);
});
