import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { enter, visit } from "./people.js";

test.skipIf(!hasBrowser)(
  "at the door the button is in sight however long the welcome is, and the title goes its own way; with sixty people inside, long names are cut and whole at hand",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const welcome_text = Array.from({ length: 60 }, (_, line) => `line ${line} https://example.org/${line}`).join("\n");
    const meetingId = await createMeeting(gateway, { title: "الجبر", welcome_text });
    const name = "Maximiliana ".repeat(6).trim().slice(0, 64);
    const link = await startMeeting(gateway, meetingId, { moderator_name: name });
    const { page } = await visit(browser, link, { width: 320, height: 480 });
    const box = await page.locator("#enter").boundingBox();
    expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThanOrEqual(480);
    expect(await page.innerText(".enters-as")).toContain(`You enter as ${name}`);
    expect(await page.locator("#door .welcome a").count()).toBe(60);
    await enter(page);
    for (let at = 0; at < 59; at += 1) {
      await gateway.socket().enter(await joinMeeting(gateway, meetingId, `Person ${at}`));
    }
    await expect.poll(() => page.locator("#people .person").count()).toBe(60);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
    const row = page.locator("#people .person >> nth=0");
    expect((await row.boundingBox())?.height).toBeLessThan(100);
    await row.locator("button").click();
    expect(await page.innerText("#person-dialog h2")).toBe(name);
    expect(await page.evaluate("getComputedStyle(document.querySelector('#title bdi')).direction")).toBe("rtl");
  },
);
