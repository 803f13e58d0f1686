import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { recordable } from "../../helpers/recorded.js";
import { finished, watch } from "../film.js";
import { openTab } from "../tab.js";

test.skipIf(!hasBrowser)(
  "a tab that another one lies before goes on recording, and its pictures move",
  async () => {
    const gateway = await boot({ timings: { recordSweep: 100 } });
    const { link, meetingId, sessionId } = await recordable(gateway);
    const tab = await openTab(link);
    for (const button of ["#enter", "#room #cam", "#record", "#record-confirm"]) await tab.click(button);
    await expect.poll(() => tab.evaluate("document.querySelector('#recording') !== null")).toBe(true);
    const began = performance.now();
    await tab.hide();
    await expect.poll(() => tab.evaluate("document.visibilityState")).toBe("hidden");
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(await tab.evaluate("document.visibilityState")).toBe("hidden");
    await tab.click("#record");
    await tab.click("#record-confirm");
    const seconds = (performance.now() - began) / 1_000;
    await expect
      .poll(() => tab.evaluate("document.querySelector('#status').textContent"), { timeout: 10_000 })
      .toMatch(/saved|حُفظ/);
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    const places = [2, 4, 6];
    const film = await watch(await openBrowser(), await finished(gateway, sessionId), [], places);
    expect(Math.abs(film.seconds - seconds)).toBeLessThan(1);
    // The fake camera's disk turns: no two pictures are alike.
    expect(new Set(film.pictures.map(({ shown }) => shown)).size).toBe(places.length);
  },
  90_000,
);
