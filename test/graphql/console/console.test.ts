import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { ask, newMeeting, start } from "../ask.js";

/** A page for which there is no network but our server, and what it complained about. */
async function isolatedPage(gateway: Gateway): Promise<{ page: Page; outside: string[]; complaints: string[] }> {
  const browser = await openBrowser();
  const page = await browser.newPage();
  const outside: string[] = [];
  const complaints: string[] = [];
  await page.route(
    (url) => url.origin !== gateway.url,
    (route) => {
      outside.push(route.request().url());
      return route.abort();
    },
  );
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, outside, complaints };
}

test.skipIf(!hasBrowser)(
  "without a network /graphql leads to our own console, which runs the preset operation with the demo key; and examples open there with their variables and run, whatever was open there before",
  async () => {
    const gateway = await boot();
    const { demoKey: key = null } = gateway;
    const meetingId = await newMeeting(gateway, { title: "Seen in the console" }, { key });
    const { page, outside, complaints } = await isolatedPage(gateway);
    await page.goto(`${gateway.url}/graphql`, { waitUntil: "commit" });
    await page.waitForURL(`${gateway.url}/console/`);
    // Only Sandbox's own script was missed; our console asks no other server for anything.
    const missed = outside.length;
    expect(missed).toBeGreaterThan(0);
    await page.getByText("FirstLook").first().waitFor();
    await page.locator(".send-request__button, app-action-bar button").first().click();
    await page.getByText("Seen in the console").first().waitFor();
    expect(outside.slice(missed)).toEqual([]);

    await page.goto(`${gateway.url}/examples`);
    await page.locator('#start a[href^="graphql"]').click({ noWaitAfter: true });
    await page.waitForURL(`${gateway.url}/console/?example=start`);
    await page.getByText("StartMeeting").first().waitFor();
    await page.locator(".send-request__button, app-action-bar button").first().click();
    await page.getByText("Seen in the console").first().waitFor();
    const query = "query ($id: UUID!) { meeting(id: $id) { isRunning } }";
    expect((await ask(gateway, query, { id: meetingId }, { key })).meeting.isRunning).toBe(true);

    // A subscription, with the key in its first message.
    await page.goto(`${gateway.url}/console/?example=listen`);
    await page.getByText("Listen").first().waitFor();
    await page.locator(".send-request__button, app-action-bar button").first().click();
    const { feed } = gateway.opened.services;
    await vi.waitFor(() => expect(feed.followed).toBe(1), { timeout: 20_000 });
    const { joinUrl } = await start(gateway, meetingId, { moderatorName: "Heard in the console" }, { key });
    await gateway.socket().enter(joinUrl);
    await page.getByText("Heard in the console").first().waitFor();
    expect(complaints).toEqual([]);
  },
);
