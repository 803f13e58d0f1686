import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../../helpers/meetings.js";
import { NotesClient } from "../../helpers/notes-client.js";
import { RECORDED, settingsWith } from "../../helpers/recorded.js";
import { openRelay } from "../../helpers/relay.js";
import { audit, axe } from "../audit.js";
import { enter, view, visit } from "../people.js";

test.skipIf(!hasBrowser)("the audit sees what it is asked for: a word that can hardly be read", async () => {
  const gateway = await boot();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const { page } = await visit(await openBrowser(), link);
  await page.evaluate(axe);
  await page.locator("#enter").evaluate((button: { style: { color: string } }) => (button.style.color = "#0a5"));
  expect(await audit(page, "door")).toContainEqual(expect.stringContaining("door, light: color-contrast"));
});

test.skipIf(!hasBrowser).each(["ar-EG", "en-GB"])(
  "the audit finds nothing to hinder anyone, in %s: in any state of the page, light and dark",
  async (locale) => {
    let server = "";
    const line = await openRelay(() => server);
    const gateway = await boot({ env: { PUBLIC_URL: line.url } });
    server = gateway.url;
    const browser = await openBrowser();
    const found: string[] = [];
    const { key: keyOfOne } = await gateway.license({ maxAttendance: 1 });
    const meetingOfOne = await createMeeting(gateway, {}, { key: keyOfOne });
    const firstOfOne = await startMeeting(gateway, meetingOfOne, {}, { key: keyOfOne });
    const fullLink = await joinMeeting(gateway, meetingOfOne, "Late", {}, { key: keyOfOne });
    await gateway.socket().enter(firstOfOne);
    const meeting_setting = settingsWith(...RECORDED);
    const welcome_text = "The book: https://example.org/algebra";
    const meetingId = await createMeeting(gateway, { title: "الجبر", welcome_text, meeting_setting });
    const link = await startMeeting(gateway, meetingId, { moderator_name: "أ. نور" });
    const viewer = gateway.socket();
    await viewer.enter(await joinMeeting(gateway, meetingId, "John Doe"));

    const { page, complaints } = await visit(browser, link, { locale });
    await page.evaluate(axe);
    const lookAt = async (of: Page, state: string) => {
      found.push(...(await audit(of, `${locale}, ${state}`)));
    };
    const look = (state: string) => lookAt(page, state);

    await look("door");
    await enter(page);
    await viewer.say({ type: "hand", up: true });
    await viewer.say({ type: "react", what: "heart" });
    await page.click("#hand");
    await page.waitForSelector("#people .person:nth-child(2) .hand");
    await page.waitForSelector("#people .portrait .picture");
    await look("room");
    await viewer.say({ type: "media", mic: true, cam: true, screen: false });
    await page.waitForSelector("#stage .tile");
    await look("stage");
    await viewer.say({ type: "media", mic: false, cam: false, screen: false });
    await page.waitForSelector("#people");
    await page.click("#react");
    await look("reactions");
    await page.keyboard.press("Escape");
    for (const [press, dialog] of [
      ["#more", "#more-dialog"],
      ["#about", "#about-dialog"],
      ["#people .person:nth-child(2) button", "#person-dialog"],
      ["#remove", "#remove-dialog"],
      ["#end", "#end-dialog"],
    ] as const) {
      await page.click(press);
      await page.waitForSelector(`${dialog}[open]`);
      await look(dialog);
      if (press !== "#more" && press !== "#people .person:nth-child(2) button") await page.keyboard.press("Escape");
    }
    await page.click("#record");
    await page.waitForSelector("#record-dialog[open]");
    await look("asked whether to record");
    await page.click("#record-confirm");
    await page.waitForSelector("#recording");
    await look("recorded");
    await page.click("#record");
    await look("asked whether to stop");
    await page.click("#record-confirm");
    // Until it is saved, a line stands over the room.
    await page.waitForSelector(".recording", { state: "detached" });
    await viewer.say({ type: "chat", body: "look at https://example.org/a, please" });
    await page.fill("#message", "x".repeat(2_001));
    await look("chat");
    await page.fill("#message", "seen");
    await page.press("#message", "Enter");
    await page.waitForSelector(".message.mine:not(.unsent)");
    await page.click("#tab-notes");
    await page.fill("#notes-text:not([readonly])", "agenda");
    await look("notes");
    await page.click("#tab-chat");
    const notes = await new NotesClient(viewer).open();
    await notes.write(" and more");
    await page.waitForSelector("#tab-notes .unread-mark");
    await look("unread notes");
    await page.click("#more");
    await page.click("#devices");
    await page.waitForSelector("#devices-dialog[open]");
    await look("devices");
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 320, height: 640 });
    await look("chat on a phone");
    await page.click("#tab-people");
    await look("people on a phone");
    await page.click("#more");
    await look("moderators' actions on a phone");
    await page.keyboard.press("Escape");
    await page.click("#tab-chat");

    line.cut();
    await page.waitForSelector('#status[data-tone="busy"]');
    await page.fill("#message", "not told yet");
    await page.press("#message", "Enter");
    await look("reconnecting");
    line.mend();
    await page.waitForSelector('#status[data-tone="good"]', { timeout: 15_000 });

    // What only a viewer sees.
    const viewersLink = await joinMeeting(gateway, meetingId, "Dana");
    await viewer.say({ type: "leave" });
    await page.click("#more");
    await page.click("#lockSettingsDisablePublicChat");
    await page.keyboard.press("Escape");
    const dana = await visit(browser, viewersLink, { locale });
    await enter(dana.page);
    await dana.page.waitForSelector(".locked");
    await dana.page.evaluate(axe);
    await lookAt(dana.page, "locked");
    await page.click("#tab-people");
    await page.click("#people .person:has-text('Dana') button");
    await page.click("#remove");
    await page.click("#remove-confirm");
    await view(dana.page, "removed");
    await lookAt(dana.page, "removed");

    const second = await page.context().newPage();
    await second.goto(link);
    await enter(second);
    await view(page, "elsewhere");
    await look("elsewhere");
    await second.click("#leave");
    await second.close();
    await page.click("#take-back");
    await view(page, "room");
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    await view(page, "over");
    await look("over");
    await page.goto(link);
    await page.evaluate(axe);
    await look("refused");
    await page.goto(fullLink);
    await page.waitForSelector("#wait");
    await page.evaluate(axe);
    await look("full");
    await page.click("#wait");
    await view(page, "waiting");
    await look("waiting");
    expect(complaints.filter((complaint) => !/ (?:409|410) |^WebSocket connection/.test(complaint))).toEqual([]);
    expect(found).toEqual([]);
  },
  120_000,
);
