import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { playbackUrlOf, putAll, recordable, startRecording } from "../helpers/recorded.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A recording during which two lines were written. */
async function recorded() {
  const gateway = await boot({ timings: { recordSweep: 50 } });
  const { link, viewerLink, meetingId, sessionId } = await recordable(gateway);
  const [moderator, viewer] = [gateway.socket(), gateway.socket()];
  await moderator.enter(link);
  await viewer.enter(viewerLink);
  const ticket = await startRecording(moderator);
  for (const body of ["السلام عليكم https://example.com/", "Second"]) {
    gateway.clock.forward(1_500);
    await viewer.say({ type: "chat", body });
    await moderator.until((frame) => frame.body === body);
  }
  await putAll(gateway.url, ticket);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  return { gateway, url: await playbackUrlOf(gateway, sessionId) };
}

test.skipIf(!hasBrowser)(
  "a recording plays with its whole length, its chat leads to the place, keys and speeds work, and an address that is over is renewed",
  async () => {
    const { gateway, url } = await recorded();
    const context = await (await openBrowser()).newContext({ locale: "en", viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(url);
    const video = () =>
      page.evaluate<{ duration: number; currentTime: number; playbackRate: number; error: string | null }>(
        `(({ duration, currentTime, playbackRate, error }) => ({ duration, currentTime, playbackRate, error: error && error.message }))(document.querySelector("video"))`,
      );
    await expect.poll(async () => (await video()).duration).toBeCloseTo(4.29, 1);
    await page.getByText("Second", { exact: true }).click();
    const at = (await video()).currentTime;
    expect(at).toBeGreaterThanOrEqual(3);
    await expect.poll(() => page.locator('[aria-current="true"] .body').innerText()).toBe("Second");
    await page.locator("h1").click();
    await page.keyboard.press(">");
    await page.keyboard.press("ArrowLeft");
    expect(await video()).toMatchObject({ currentTime: 0, playbackRate: 1.25 });
    await page.selectOption("select", "2");
    expect((await video()).playbackRate).toBe(2);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
    expect(complaints).toEqual([]);
    await page.evaluate(axe);
    const found = await page.evaluate<{ violations: { id: string }[] }>('axe.run({ resultTypes: ["violations"] })');
    expect(found.violations.map(({ id }) => id)).toEqual([]);

    gateway.clock.forward(7 * 3_600_000);
    await page.reload();
    await expect.poll(async () => (await video()).duration).toBeCloseTo(4.29, 1);
    gateway.clock.forward(7 * 3_600_000);
    // As a player does whose line broke.
    await page.evaluate(`document.querySelector("video").load()`);
    await expect.poll(async () => (await video()).error).toBeNull();
    await expect.poll(async () => (await video()).duration).toBeCloseTo(4.29, 1);
    await page.getByText("العربية").click();
    await expect.poll(() => page.evaluate("document.documentElement.dir")).toBe("rtl");
    await context.close();
  },
);
