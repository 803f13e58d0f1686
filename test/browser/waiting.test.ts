import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { view, visit } from "./people.js";

test.skipIf(!hasBrowser)(
  "before a full room one waits in line, sees one's place move, and enters by oneself when someone leaves",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const { key } = await gateway.license({ maxAttendance: 1 });
    const meetingId = await createMeeting(gateway, {}, { key });
    const inside = gateway.socket();
    const first = await startMeeting(gateway, meetingId, {}, { key });
    const links = [
      await joinMeeting(gateway, meetingId, "Early", {}, { key }),
      await joinMeeting(gateway, meetingId, "Late", {}, { key }),
    ] as const;
    await inside.enter(first);
    const early = gateway.socket();
    await early.say({ type: "enter", link: links[0].slice(links[0].indexOf("?") + 1), wait: true });
    await early.frame("waiting");

    const { page } = await visit(browser, links[1], { locale: "ar-EG" });
    await page.click("#wait");
    await view(page, "waiting");
    await expect.poll(() => page.innerText("#waiting .place")).toContain("٢");
    await page.click("#stop-waiting");
    await view(page, "door");
    await page.click("#enter");
    await page.waitForSelector('#status[data-tone="problem"]');
    await page.click("#wait");
    await view(page, "waiting");
    await early.say({ type: "leave" });
    await expect.poll(() => page.innerText("#waiting .place")).toContain("١");
    await inside.say({ type: "leave" });
    await view(page, "room");
  },
);
