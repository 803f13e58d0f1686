import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../../helpers/meetings.js";
import { enter, visit } from "../people.js";
import { counted, watchConnections } from "../watching.js";

const within = { timeout: 15_000, interval: 100 };

const comes = async (link: string, before: (page: Page) => Promise<unknown> = watchConnections) =>
  visit(await openBrowser(), link, { width: 900, height: 500, isOwn: true, withDevices: true, before });

const tile = (page: Page, name: string) => page.locator(`#stage .tile:has-text("${name}")`);
const picture = (page: Page, name: string) => tile(page, name).locator("video");

test.skipIf(!hasBrowser)(
  "two people see and hear each other, and who turns the camera off is an initial again",
  async () => {
    const gateway = await boot();
    const meetingId = await createMeeting(gateway);
    const moderator = await comes(await startMeeting(gateway, meetingId, { moderator_name: "Noor" }));
    const viewer = await comes(await joinMeeting(gateway, meetingId, "Dana"));

    await enter(moderator.page);
    await enter(viewer.page);
    await moderator.page.click("#mic");
    await moderator.page.click("#cam");
    await picture(viewer.page, "Noor").waitFor();
    await viewer.page.click("#cam");
    await viewer.page.click("#mic");
    await picture(moderator.page, "Dana").waitFor();
    for (const { page } of [moderator, viewer]) {
      await expect
        .poll(() => counted(page), within)
        .toMatchObject({ frames: expect.any(Number), energy: expect.any(Number) });
      const before = await counted(page);
      await expect.poll(async () => (await counted(page)).frames, within).toBeGreaterThan(before.frames + 5);
      await expect.poll(async () => (await counted(page)).energy, within).toBeGreaterThan(before.energy);
    }
    await tile(moderator.page, "Dana").and(moderator.page.locator(".speaks")).waitFor();
    expect(await moderator.page.getAttribute("#cam", "aria-pressed")).toBe("true");

    await moderator.page.click("#cam");
    await tile(viewer.page, "Noor").locator("video").waitFor({ state: "detached" });
    await viewer.page.click("#cam");
    await viewer.page.waitForSelector("#stage", { state: "detached" });
    expect([...moderator.complaints, ...viewer.complaints]).toEqual([]);
  },
);

/** A page that was changed: it sends its camera whatever it is told, and takes every description for a wish to see it. */
async function tampered(page: Page): Promise<void> {
  await watchConnections(page);
  await page.addInitScript(`{
    const seen = (sdp) => {
      const [session, ...media] = sdp.split(/(?=^m=)/m);
      media[1] = media[1].replace(/^a=(inactive|sendonly)/m, "a=recvonly");
      return [session, ...media].join("");
    };
    const { replaceTrack } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.replaceTrack = function (track) {
      return track ? replaceTrack.call(this, track) : Promise.resolve();
    };
    const { stop } = MediaStreamTrack.prototype;
    MediaStreamTrack.prototype.stop = () => {};
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      return setRemoteDescription.call(this, { type: description.type, sdp: seen(description.sdp) });
    };
    const { get, set } = Object.getOwnPropertyDescriptor(RTCRtpTransceiver.prototype, "direction");
    Object.defineProperty(RTCRtpTransceiver.prototype, "direction", {
      get,
      set(direction) {
        set.call(this, this.receiver.track.kind === "video" ? "sendrecv" : direction);
      },
    });
  }`);
}

test.skipIf(!hasBrowser)(
  "with cameras for moderators only, a viewer whose page was changed goes on sending, and another viewer decodes nothing of it",
  async () => {
    const gateway = await boot();
    const meetingId = await createMeeting(gateway);
    const moderator = await comes(await startMeeting(gateway, meetingId, { moderator_name: "Noor" }));
    const changed = await comes(await joinMeeting(gateway, meetingId, "Dana"), tampered);
    const honest = await comes(await joinMeeting(gateway, meetingId, "Omar"));
    for (const { page } of [moderator, changed, honest]) await enter(page);
    await changed.page.click("#cam");
    await picture(honest.page, "Dana").waitFor();
    await picture(moderator.page, "Dana").waitFor();
    const frames = async (page: Page) => (await counted(page)).frames;
    await expect.poll(() => frames(honest.page), within).toBeGreaterThan(5);

    await moderator.page.click("#more");
    await moderator.page.click("#webcamOnlyForModerators");
    await moderator.page.keyboard.press("Escape");
    await honest.page.waitForSelector("#stage", { state: "detached" });
    // What was on its way is still decoded; then nothing more is.
    let last = -1;
    await expect.poll(async () => last === (last = await frames(honest.page)), { ...within, interval: 500 }).toBe(true);
    const [seen, sentBefore, seenByModerator] = [
      last,
      (await counted(changed.page)).sent,
      await frames(moderator.page),
    ];
    await expect.poll(() => frames(moderator.page), within).toBeGreaterThan(seenByModerator + 20);
    // To both of them, the one who decodes nothing as well.
    const sent = (await counted(changed.page)).sent.map((bytes, nth) => bytes > (sentBefore[nth] ?? bytes));
    expect(sent).toEqual([true, true]);
    expect(await frames(honest.page)).toBe(seen);
    await picture(moderator.page, "Dana").waitFor();
  },
);
