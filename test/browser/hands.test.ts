import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { enter, listed, visit } from "./people.js";

test.skipIf(!hasBrowser)(
  "moderators stand first, then raised hands in their order, then names; a moderator lowers all; reactions are pictures",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway, { title: "Algebra" });
    const link = await startMeeting(gateway, meetingId, { moderator_name: "Zoe" });
    const moderator = await visit(browser, link, { locale: "ar-EG" });
    const viewer = await visit(browser, await joinMeeting(gateway, meetingId, "Dana"), { width: 360, height: 640 });
    const others = [];
    for (const name of ["Carl", "Ben", "Anna"]) {
      const client = gateway.socket();
      await client.enter(await joinMeeting(gateway, meetingId, name));
      others.push(client);
    }
    await enter(moderator.page);
    await enter(viewer.page);
    const order = () => listed(moderator.page);
    await expect.poll(order).toEqual(["Zoe", "Anna", "Ben", "Carl", "Dana"]);

    await viewer.page.click("#hand");
    await expect.poll(order).toEqual(["Zoe", "Dana", "Anna", "Ben", "Carl"]);
    await others[0]?.say({ type: "hand", up: true });
    await expect.poll(order).toEqual(["Zoe", "Dana", "Carl", "Anna", "Ben"]);
    await expect.poll(() => viewer.page.innerText("#hand")).toBe("Lower hand");
    // Digits as this country writes them.
    expect(await moderator.page.innerText("#people .person:nth-child(3) .hand [aria-hidden]:not(svg)")).toBe("٢");
    await expect.poll(() => moderator.page.textContent("#announcements"), { timeout: 5_000 }).toContain("Carl");

    await viewer.page.click("#react");
    await viewer.page.click("#reactions button[aria-label=Heart]");
    await moderator.page.waitForSelector("#people .person:nth-child(2) .portrait .picture");

    await moderator.page.click("#more");
    await moderator.page.click("#lower-all");
    await expect.poll(order).toEqual(["Zoe", "Anna", "Ben", "Carl", "Dana"]);
    await expect.poll(() => viewer.page.innerText("#hand")).toBe("Raise hand");
    expect([...moderator.complaints, ...viewer.complaints]).toEqual([]);
  },
);
