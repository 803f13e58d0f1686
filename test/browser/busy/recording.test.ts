import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { joinMeeting } from "../../helpers/meetings.js";
import { recordable } from "../../helpers/recorded.js";
import { openRelay } from "../../helpers/relay.js";
import { finished, soundsAt, watch } from "../film.js";
import { enter, visit } from "../people.js";

const own = { width: 1000, height: 600, isOwn: true, withDevices: true };
const quick = { recordSweep: 100 };
const [low, high] = [440, 1_320];
/** A tone that nobody makes is quieter by far. */
const heard = 0.02;

/** What Playwright asks a page counts as a press, some of the time. */
const neverPressed = (page: Page) =>
  page.addInitScript("Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false } })");

/** How many have come of the only part that is recorded there. */
function piecesIn(folder: string): number {
  const list = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((file) => file.endsWith(".pieces"));
  return list === undefined ? 0 : readFileSync(join(folder, list), "utf8").split("\n").length - 1;
}

test.skipIf(!hasBrowser)(
  "what two people say and show for ten seconds, a break of the line among them, can be watched: as long, both voices, a picture wherever one seeks",
  async () => {
    let server = "";
    const line = await openRelay(() => server);
    const gateway = await boot({ timings: quick, env: { PUBLIC_URL: line.url } });
    server = gateway.url;
    const browser = await openBrowser();
    const { link, viewerLink, meetingId, sessionId } = await recordable(gateway);
    const noor = await visit(browser, link, { ...own, before: soundsAt(low) });
    const dana = await visit(browser, viewerLink, { ...own, before: soundsAt(high) });
    for (const { page } of [noor, dana]) {
      await enter(page);
      await page.click("#cam");
      await page.click("#mic");
    }
    await noor.page.locator('.tile:has-text("viewer") video').waitFor();
    expect(await dana.page.locator("#record").count()).toBe(0);

    await noor.page.click("#record");
    await noor.page.click("#record-confirm");
    for (const { page } of [noor, dana]) await page.waitForSelector("#recording");
    const began = performance.now();
    expect(await dana.page.innerText("#recording")).toContain("mod1");
    expect(await dana.page.innerText("#status")).toContain("being recorded");

    const late = await visit(browser, await joinMeeting(gateway, meetingId, "Omar"));
    expect(await late.page.innerText(".recording-note")).toContain("being recorded");
    await enter(late.page);
    expect(await late.page.innerText("#status")).toContain("It is being recorded");
    await late.page.waitForSelector("#recording");

    await noor.page.waitForTimeout(2_000);
    line.cut();
    await noor.page.waitForTimeout(3_000);
    line.mend();
    await noor.page.waitForSelector('#status[data-tone="good"]');
    await noor.page.waitForTimeout(Math.max(0, 11_000 - (performance.now() - began)));
    await noor.page.click("#record");
    await noor.page.click("#record-confirm");
    const seconds = (performance.now() - began) / 1_000;
    await dana.page.waitForSelector("#recording", { state: "detached" });
    await expect.poll(() => noor.page.innerText("#status"), { timeout: 10_000 }).toContain("saved");

    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    const film = await watch(browser, await finished(gateway, sessionId), [low, high, 880], [1, 5, seconds - 2]);
    expect(Math.abs(film.seconds - seconds)).toBeLessThan(1);
    expect(Math.abs(film.soundSeconds - seconds)).toBeLessThan(1);
    const [ofNoor = [], ofDana = [], ofNobody = []] = film.tones;
    // Dana's line was cut as well, so of her only what came before and after is certain.
    expect(Math.min(...ofNoor.slice(1, 9))).toBeGreaterThan(heard);
    expect(Math.max(...ofDana)).toBeGreaterThan(heard);
    expect(Math.max(...ofNobody)).toBeLessThan(heard / 4);
    for (const { variety } of film.pictures) expect(variety).toBeGreaterThan(10);
    expect(film.pictures.map(({ seekedTo }) => Math.round(seekedTo))).toEqual([1, 5, Math.round(seconds - 2)]);
    expect(noor.complaints.filter((complaint) => !/WebSocket|ERR_/.test(complaint))).toEqual([]);
    expect(dana.complaints.filter((complaint) => !/WebSocket|ERR_/.test(complaint))).toEqual([]);
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  "whoever records closes the tab after eleven seconds: at least eight of them are kept, and another moderator's page goes on by itself",
  async () => {
    // What was never said to be whole is waited for.
    const gateway = await boot({ timings: { ...quick, hold: 1_000, recordGrace: 3_000 } });
    const browser = await openBrowser();
    const { link, meetingId, sessionId } = await recordable(gateway, ["record", "auto_start_recording"]);
    // Neither has a device that may be used: what there is to see are names.
    const noor = await visit(browser, link, { isOwn: true });
    await enter(noor.page);
    await noor.page.waitForSelector("#recording");
    const began = performance.now();
    expect(await noor.page.innerText("#status")).toContain("by itself");
    expect(await noor.page.locator("#record").count()).toBe(0);
    const second = await joinMeeting(gateway, meetingId, "Huda", { role: "moderator" });
    const huda = await visit(browser, second, { isOwn: true });
    await enter(huda.page);
    expect(await huda.page.innerText("#recording")).toContain("mod1");
    await noor.page.waitForTimeout(11_000 - (performance.now() - began));
    await noor.page.context().close();
    await expect.poll(() => huda.page.innerText("#recording"), { timeout: 20_000 }).toContain("Huda");
    await huda.page.waitForTimeout(5_000);

    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    const film = await watch(browser, await finished(gateway, sessionId), [], [4, 9]);
    expect(film.seconds).toBeGreaterThan(8 + 4);
    expect(film.seconds).toBeLessThan(18);
    for (const { variety } of film.pictures) expect(variety).toBeGreaterThan(3);
    expect(huda.complaints).toEqual([]);
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  "a server that is started again, and a page that is loaded again, go on with the recording; a microphone that is refused does not break it",
  async () => {
    let server = "";
    const line = await openRelay(() => server);
    const env = { PUBLIC_URL: line.url };
    const before = await boot({ timings: quick, env });
    server = before.url;
    const browser = await openBrowser();
    const { link, meetingId, sessionId } = await recordable(before);
    const { page } = await visit(browser, link, { isOwn: true, before: neverPressed });
    await enter(page);
    await page.click("#mic");
    await page.waitForSelector("#device-problem[open]");
    await page.keyboard.press("Escape");
    await page.click("#record");
    await page.click("#record-confirm");
    await page.waitForSelector("#recording");
    const began = performance.now();
    await page.waitForTimeout(4_000);

    await before.stop();
    const gateway = await boot({ timings: { ...quick, recordGrace: 3_000 }, env, folder: before.folder });
    server = gateway.url;
    await page.waitForSelector('#status[data-tone="busy"]');
    await page.waitForSelector('#status[data-tone="good"]', { timeout: 20_000 });
    await page.waitForSelector("#recording");
    await page.waitForTimeout(4_000);
    const first = (performance.now() - began) / 1_000;
    // What the page still has of it would go with the reload: a piece each two seconds.
    await expect.poll(() => piecesIn(before.folder), { timeout: 10_000 }).toBeGreaterThanOrEqual(Math.floor(first / 2));
    const atMost = (performance.now() - began) / 1_000;

    await page.reload();
    // No browser lets it make sound before somebody presses something.
    await page.click("#record-press-confirm");
    await page.waitForSelector("#record-press", { state: "hidden" });
    await page.waitForSelector("#recording");
    await page.waitForTimeout(5_000);
    await page.click("#record");
    await page.click("#record-confirm");
    await expect.poll(() => page.innerText("#status"), { timeout: 10_000 }).toContain("saved");
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`, { key: before.key });
    const film = await watch(
      browser,
      await finished({ ...gateway, v1: (path) => gateway.v1(path, { key: before.key }) }, sessionId),
      [],
      [1],
    );
    // Of the first film the last piece went with the page; of the second there are four seconds or more.
    expect(film.seconds).toBeGreaterThan(first + 1);
    expect(film.seconds).toBeLessThan(atMost + 7);
  },
  120_000,
);

test.skipIf(!hasBrowser)("a piece that was on its way when the film ended is not taken for the last one", async () => {
  const gateway = await boot({ timings: quick });
  const { link } = await recordable(gateway);
  // A piece is due in the very moment of the stop: it is told only when the recorder is inactive.
  const before = (page: { addInitScript(script: string): Promise<unknown> }) =>
    page.addInitScript(`{
      const { stop } = MediaRecorder.prototype;
      MediaRecorder.prototype.stop = function () {
        this.requestData();
        stop.call(this);
      };
    }`);
  const { page, complaints } = await visit(await openBrowser(), link, { isOwn: true, before });
  await enter(page);
  await page.click("#record");
  await page.click("#record-confirm");
  await page.waitForSelector("#recording");
  await page.waitForTimeout(1_000);
  await page.click("#record");
  await page.click("#record-confirm");
  await expect.poll(() => page.innerText("#status"), { timeout: 10_000 }).toContain("saved");
  expect(await page.innerText("#status")).toContain("is saved");
  expect(complaints).toEqual([]);
});
