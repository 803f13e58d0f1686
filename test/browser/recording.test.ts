import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { joinMeeting } from "../helpers/meetings.js";
import { putPiece, recordable, recordedPieces, startRecording } from "../helpers/recorded.js";
import { enter, visit } from "./people.js";

test.skipIf(!hasBrowser)(
  "everyone sees that it is recorded, by whom, at the door and inside; any moderator ends it, and is asked first",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const { link, viewerLink, meetingId } = await recordable(gateway);
    const viewer = await visit(browser, viewerLink);
    expect(await viewer.page.innerText(".recording-note")).toContain("may be recorded");
    await enter(viewer.page);
    expect(await viewer.page.locator("#recording, #record").count()).toBe(0);

    const recorder = gateway.socket();
    await recorder.enter(link);
    await startRecording(recorder);
    await viewer.page.waitForSelector("#recording");
    expect(await viewer.page.innerText("#recording")).toContain("mod1");
    expect(await viewer.page.innerText("#status")).toContain("being recorded now");
    await viewer.page.click("#more");
    expect(await viewer.page.locator("#record").count()).toBe(0);
    await viewer.page.click("#about");
    const acting = (name: string) => viewer.page.innerText(`#about-dialog [data-setting="${name}"] dd`);
    expect([
      await acting("record"),
      await acting("autoStartRecording"),
      await acting("webcamOnlyForModerators"),
    ]).toEqual(["On", "Off", "Off"]);

    const second = await joinMeeting(gateway, meetingId, "Huda", { role: "moderator" });
    const huda = await visit(browser, second);
    expect(await huda.page.innerText(".recording-note.now")).toContain("is being recorded");
    await enter(huda.page);
    expect(await huda.page.innerText("#status")).toContain("It is being recorded");
    await huda.page.click("#record");
    await huda.page.waitForSelector("#record-dialog[open]");
    await huda.page.keyboard.press("Escape");
    await huda.page.waitForSelector("#recording");
    await huda.page.click("#record");
    await huda.page.click("#record-confirm");
    await viewer.page.waitForSelector("#recording", { state: "detached" });
    expect(await viewer.page.innerText("#status")).toContain("Huda");
    expect([...viewer.complaints, ...huda.complaints]).toEqual([]);
  },
);

test.skipIf(!hasBrowser)("a browser that can't record says so, and asks for nothing", async () => {
  const gateway = await boot();
  const { link } = await recordable(gateway);
  const before = (page: { addInitScript(script: string): Promise<unknown> }) =>
    page.addInitScript("delete globalThis.MediaRecorder");
  const { page, complaints } = await visit(await openBrowser(), link, { isOwn: true, before });
  await enter(page);
  await page.waitForSelector("#record.is-locked");
  await page.click("#record", { force: true });
  await expect.poll(() => page.innerText("#status")).toContain("This browser can't record");
  expect(await page.locator("#record-dialog[open], #recording").count()).toBe(0);
  expect(complaints).toEqual([]);
});

test.skipIf(!hasBrowser)(
  "where the server has no more room, the recording stops and everyone reads why; the room goes on, and no other recording begins",
  async () => {
    const gateway = await boot({ env: { RECORDINGS_MB_PER_LICENSE: "9" } });
    const { link, viewerLink, meetingId } = await recordable(gateway);
    const recorder = gateway.socket();
    await recorder.enter(link);
    const ticket = await startRecording(recorder);
    const browser = await openBrowser();
    const huda = await visit(browser, await joinMeeting(gateway, meetingId, "Huda", { role: "moderator" }));
    const dana = await visit(browser, viewerLink);
    for (const { page } of [huda, dana]) {
      await enter(page);
      await page.waitForSelector("#recording");
    }
    const [first = Buffer.alloc(0)] = recordedPieces;
    await putPiece(gateway.url, ticket, 0, first);
    const large = Buffer.alloc(5 * 2 ** 20);
    await putPiece(gateway.url, ticket, 1, large);
    expect((await putPiece(gateway.url, ticket, 2, large)).status).toBe(507);
    for (const { page } of [huda, dana]) {
      await page.waitForSelector("#recording", { state: "detached" });
      expect(await page.innerText("#status")).toContain("no more room");
    }
    expect(await huda.page.innerText(".recording")).toContain("no more room");
    expect(await dana.page.locator(".recording").count()).toBe(0);
    await huda.page.click("#record");
    await huda.page.click("#record-confirm");
    await huda.page.waitForSelector('#status[data-tone="problem"]');
    await huda.page.waitForSelector("#record:not([disabled])");
    await huda.page.click("#hand");
    await huda.page.waitForSelector("#hand.is-on");
    expect([...huda.complaints, ...dana.complaints]).toEqual([]);
  },
);
