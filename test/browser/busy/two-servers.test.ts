import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Gateway } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { bootSeveral } from "../../postgres/several.js";
import { enter, visit } from "../people.js";
import { counted, watchConnections } from "../watching.js";

const within = { timeout: 15_000, interval: 100 };

const comes = async (link: string) =>
  visit(await openBrowser(), link, {
    width: 900,
    height: 500,
    isOwn: true,
    withDevices: true,
    before: watchConnections,
  });

const picture = (page: Page, name: string) => page.locator(`#stage .tile:has-text("${name}") video`);

test.skipIf(!hasBrowser)(
  "two pages of one room on two servers see each other and write to each other, also after the room's server has ended",
  async () => {
    const { gateways } = await bootSeveral(2, { timings: { heartbeat: 200, sweep: 100 } });
    const [one, other] = gateways as [Gateway, Gateway];
    const meetingId = await createMeeting(one);
    // A link leads to the server that made it: the moderator's to the first, which becomes the room's home.
    const moderator = await comes(await startMeeting(one, meetingId, { moderator_name: "Noor" }));
    const viewer = await comes(await joinMeeting(other, meetingId, "Dana"));
    await enter(moderator.page);
    await enter(viewer.page);
    await moderator.page.click("#cam");
    await picture(viewer.page, "Noor").waitFor();
    await viewer.page.click("#cam");
    await picture(moderator.page, "Dana").waitFor();
    const flows = async ({ page }: { page: Page }) => {
      const { frames } = await counted(page);
      await expect.poll(async () => (await counted(page)).frames, within).toBeGreaterThan(frames + 5);
    };
    for (const person of [moderator, viewer]) await flows(person);

    // The moderator's address is gone with the server; the viewer's page is back by itself, and their room with it.
    await one.stop();
    await expect.poll(() => other.opened.services.homes.isHere(sessionOf(viewer.page.url())), within).toBe(true);
    const third = await comes(await joinMeeting(other, meetingId, "Sami"));
    await enter(third.page);
    await third.page.click("#mic");
    await picture(third.page, "Dana").waitFor();
    await flows(third);
  },
);
