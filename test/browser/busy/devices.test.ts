import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../../helpers/meetings.js";
import { enter, visit } from "../people.js";
import { watchConnections } from "../watching.js";

test.skipIf(!hasBrowser)(
  "at the door one sees and hears oneself, and enters as one is there; a chosen device is remembered; moderators share a screen",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway, { title: "Algebra" });
    const link = await startMeeting(gateway, meetingId, { moderator_name: "Noor" });
    const own = { width: 1000, height: 600, isOwn: true, withDevices: true, before: watchConnections };
    const moderator = await visit(browser, link, own);
    const { page } = moderator;
    await page.click("#cam");
    await page.locator(".preview video").waitFor();
    await page.click("#mic");
    await expect
      .poll(() => page.locator("#level").evaluate((meter: { value: number }) => meter.value))
      .toBeGreaterThan(0);
    const second = await page.locator("#choose-mic option").nth(2).getAttribute("value");
    await page.selectOption("#choose-mic", second);
    expect(await page.evaluate("localStorage.getItem('mic')")).toBe(second);

    const viewer = await visit(browser, await joinMeeting(gateway, meetingId, "Dana"), own);
    await enter(viewer.page);
    await enter(page);
    await viewer.page.locator('.tile:has-text("Noor") video').waitFor();
    expect(await page.getAttribute("#mic", "aria-pressed")).toBe("true");
    expect(await viewer.page.locator("#screen").count()).toBe(0);

    await page.click("#screen");
    await viewer.page.locator('.tile.screen:has-text("Noor") video').waitFor();
    const size = () =>
      viewer.page.locator(".tile.screen video").evaluate((video: { videoWidth: number }) => video.videoWidth);
    await expect.poll(size, { timeout: 10_000 }).toBeGreaterThan(100);
    await page.click("#screen");
    await viewer.page.locator(".tile.screen").waitFor({ state: "detached" });

    await page.reload();
    await page.waitForSelector('body[data-view="room"]');
    expect(await page.evaluate("localStorage.getItem('mic')")).toBe(second);
    expect([...moderator.complaints, ...viewer.complaints]).toEqual([]);
  },
);

test.skipIf(!hasBrowser)(
  "a browser that does not give the camera, and a lock, each say why; with nothing one is inside all the same",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway, { title: "Algebra" });
    const moderator = gateway.socket();
    await moderator.enter(await startMeeting(gateway, meetingId));
    const { page } = await visit(browser, await joinMeeting(gateway, meetingId, "Dana"), { isOwn: true });
    await page.click("#cam");
    await page.waitForSelector("#device-problem[open]");
    expect(await page.innerText("#device-problem-explanation")).toContain("allow");
    await page.keyboard.press("Escape");
    await enter(page);
    await moderator.say({ type: "settings", settings: { lockSettingsDisableCam: true } });
    await page.waitForSelector("#cam.is-locked");
    await page.click("#cam", { force: true });
    await expect.poll(() => page.innerText("#status")).toContain("switched off viewers' cameras");
    expect(await page.getAttribute("#cam", "aria-disabled")).toBe("true");
  },
);
