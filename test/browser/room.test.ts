import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { openPage } from "../helpers/pages.js";
import { enter, view, visit } from "./people.js";

const people = (page: Page) => page.locator("#people li[data-person-id]");

test.skipIf(!hasBrowser)(
  "enter-1, room-1, leave-1, leave-3: two people enter, see each other, one reloads, one leaves, the moderator ends",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway, { title: "Algebra", welcome_text: "hello" });
    const moderatorLink = await startMeeting(gateway, meetingId, { logout_url: `${gateway.url}/` });
    const viewerLink = await joinMeeting(gateway, meetingId, "<img src=x onerror=alert(1)>");
    const moderator = await visit(browser, moderatorLink);
    const viewer = await visit(browser, viewerLink);

    await enter(moderator.page);
    await enter(viewer.page);
    await expect.poll(() => people(moderator.page).count(), { timeout: 1_000 }).toBe(2);
    expect(await people(viewer.page).count()).toBe(2);
    expect(await people(moderator.page).allInnerTexts()).toContainEqual(
      expect.stringContaining("<img src=x onerror=alert(1)>"),
    );

    await viewer.page.reload();
    await view(viewer.page, "room");
    await expect.poll(() => people(viewer.page).count()).toBe(2);

    await viewer.page.click("#leave");
    await viewer.page.waitForURL(`${gateway.url}/`);
    await expect.poll(() => people(moderator.page).count(), { timeout: 1_000 }).toBe(1);

    await moderator.page.click("#end");
    await moderator.page.click("#end-confirm");
    await view(moderator.page, "over");
    await moderator.page.waitForURL(`${gateway.url}/`, { timeout: 8_000 });

    expect([moderator.complaints, viewer.complaints]).toEqual([[], []]);
    const fields = "fullName role joinedAt leftAt stays { nodes { joinedAt leftAt } }";
    const { body } = await gateway.graphql(
      `{ session(id: "${sessionOf(moderatorLink)}") { endedAt attendances { nodes { ${fields} } } } }`,
    );
    const { endedAt, attendances } = body.data.session;
    const [first, second] = attendances.nodes;
    expect([first.fullName, first.role, first.leftAt, first.stays.nodes.length]).toEqual([
      "mod1",
      "MODERATOR",
      endedAt,
      1,
    ]);
    expect([second.role, second.stays.nodes.length]).toEqual(["VIEWER", 1]);
    expect(first.joinedAt < second.joinedAt && second.joinedAt < second.leftAt && second.leftAt < endedAt).toBe(true);
  },
);

test.skipIf(!hasBrowser)("enter-3: the same link in a second tab takes over; the first says so and stops", async () => {
  const gateway = await boot();
  const browser = await openBrowser();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const { page } = await visit(browser, link);
  await enter(page);
  const second = await page.context().newPage();
  await second.goto(link);
  await enter(second);
  await view(page, "elsewhere");
  await page.click("#take-back");
  await view(page, "room");
  await view(second, "elsewhere");
});

test.skipIf(!hasBrowser)(
  "language-3, link-3: tampered and ended links are readable pages in the browser's language",
  async () => {
    const gateway = await boot();
    const browser = await openBrowser();
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId);
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    for (const [locale, direction] of [
      ["ar-EG", "rtl"],
      ["en-GB", "ltr"],
    ] as const) {
      const page = await openPage(browser, { locale });
      for (const url of [link, link.replace("role=moderator", "role=viewer")]) {
        await page.goto(url);
        expect(await page.getAttribute("html", "dir")).toBe(direction);
        expect((await page.innerText("h1")).length).toBeGreaterThan(5);
      }
    }
  },
);
