import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { enter, listed, view, visit } from "./people.js";

test.skipIf(!hasBrowser)(
  "a moderator makes a viewer one, who can then do the same; removing asks first, and the removed one is told",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway);
    const moderator = await visit(browser, await startMeeting(gateway, meetingId, { moderator_name: "Noor" }));
    const link = await joinMeeting(gateway, meetingId, "Dana");
    const viewer = await visit(browser, link, { locale: "ar-EG", width: 360, height: 640 });
    await enter(moderator.page);
    await enter(viewer.page);
    await expect.poll(() => listed(moderator.page)).toEqual(["Noor", "Dana"]);
    await viewer.page.click("#people .person:has-text('Noor') button");
    expect(await viewer.page.locator("#person-dialog :is(#remove, #change-role)").count()).toBe(0);
    await viewer.page.keyboard.press("Escape");

    await moderator.page.click("#people .person:has-text('Dana') button");
    await moderator.page.click("#change-role");
    await viewer.page.waitForSelector("#people .person:has-text('Dana')[data-role=moderator]");
    await viewer.page.click("#more");
    await viewer.page.waitForSelector("#more-dialog #end");
    await viewer.page.keyboard.press("Escape");

    await moderator.page.click("#people .person:has-text('Dana') button");
    await moderator.page.click("#remove");
    expect(await listed(moderator.page)).toHaveLength(2);
    await moderator.page.click("#remove-confirm");
    await view(viewer.page, "removed");
    expect(await viewer.page.innerText("#removed h2")).toBe("تم إخراجك من الجلسة");
    await expect.poll(() => listed(moderator.page)).toEqual(["Noor"]);
    // The button that was pressed went with the row.
    await moderator.page.waitForFunction('document.activeElement.id === "people"');
    expect((await viewer.page.goto(link))?.status()).toBe(403);
    expect([...moderator.complaints, ...viewer.complaints.filter((text) => !text.includes("403"))]).toEqual([]);
  },
);
