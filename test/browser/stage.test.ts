import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { enter, visit } from "./people.js";

test.skipIf(!hasBrowser)(
  "one pins a tile or has whoever speaks large, until a moderator locks the layout; keys turn the camera on and talk while held",
  async () => {
    const gateway = await boot();
    const meetingId = await createMeeting(gateway);
    const moderator = gateway.socket();
    const { person } = await moderator.enter(await startMeeting(gateway, meetingId, { moderator_name: "Noor" }));
    await moderator.say({ type: "media", mic: false, cam: true, screen: false });
    const link = await joinMeeting(gateway, meetingId, "Dana");
    const { page, complaints } = await visit(await openBrowser(), link, { isOwn: true, withDevices: true });
    await enter(page);
    const large = () => page.locator(".tile.large .caption").allInnerTexts();
    await page.waitForSelector("#stage");
    expect(await large()).toEqual([]);
    await page.locator('.tile:has-text("Noor") .tile-tools button').first().click();
    await expect.poll(large).toEqual([expect.stringContaining("Noor")]);
    await page.click("#speaker-large");
    expect(await page.getAttribute("#speaker-large", "aria-pressed")).toBe("true");

    await moderator.say({ type: "settings", settings: { lockSettingsLockedLayout: true } });
    await page.waitForSelector("#speaker-large", { state: "detached" });
    expect([await large(), await page.locator(".tile-tools").count()]).toEqual([[], 0]);
    await moderator.say({ type: "settings", settings: { lockSettingsLockedLayout: false } });
    await expect.poll(large).toEqual([expect.stringContaining("Noor")]);

    const mine = ({ type, person: id }: { type: string; person: string }) => type === "media" && id !== person.id;
    await page.keyboard.press("Control+e");
    await moderator.until((frame) => mine(frame) && frame.cam);
    await page.locator("#title").focus();
    await page.keyboard.down("Space");
    await moderator.until((frame) => mine(frame) && frame.mic);
    await page.keyboard.up("Space");
    await expect.poll(() => moderator.frames.findLast(mine).mic).toBe(false);
    await page.keyboard.press("Control+d");
    await expect.poll(() => moderator.frames.findLast(mine).mic).toBe(true);
    await moderator.say({ type: "turn-off", what: "mic" });
    await page.waitForSelector('#mic[aria-pressed="false"]');
    expect(await page.textContent("#status")).toContain("muted you");
    expect(complaints).toEqual([]);
  },
);
