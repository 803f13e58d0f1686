import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { enter, view, visit } from "./people.js";

const inside = /\/assets\/inside-/;

test.skipIf(!hasBrowser)(
  "whoever presses before the room's part of the page has come enters once it is there",
  async () => {
    const gateway = await boot();
    const link = await startMeeting(gateway, await createMeeting(gateway));
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { page, complaints } = await visit(await openBrowser(), link, {
      before: (of) => of.route(inside, (route) => held.then(() => route.continue())),
    });
    await page.click("#enter");
    await page.waitForSelector('#status[data-tone="busy"]');
    expect(await page.isDisabled("#enter")).toBe(true);
    release();
    await view(page, "room");
    expect(complaints).toEqual([]);
  },
);

test.skipIf(!hasBrowser)(
  "a part that does not come is told, and the next press asks for the whole page anew",
  async () => {
    const gateway = await boot();
    const link = await startMeeting(gateway, await createMeeting(gateway));
    const { page } = await visit(await openBrowser(), link, {
      before: (of) => of.route(inside, (route) => route.abort()),
    });
    await page.click("#enter");
    await page.waitForSelector('#status[data-tone="problem"]');
    expect(await page.innerText("#status")).toContain("internet connection");
    await page.unroute(inside);
    await enter(page);
    expect(await page.locator("#people .person").count()).toBe(1);
  },
);
