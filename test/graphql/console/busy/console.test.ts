import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { boot, type Gateway } from "../../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../../helpers/browser.js";
import { openPage } from "../../../helpers/pages.js";
import { ask, newMeeting, start } from "../../ask.js";

/** A page for which there is no network but our server, and what it complained about. */
async function isolatedPage(gateway: Gateway): Promise<{ page: Page; outside: string[]; complaints: string[] }> {
  const browser = await openBrowser();
  const page = await openPage(browser);
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

const send = (page: Page) => page.locator(".send-request__button, app-action-bar button").first().click();

/** On a phone the answer stands below the question, both as wide as the page, and nothing is cut off. */
async function expectAllInSight(page: Page, width: number): Promise<void> {
  await page.locator("app-variables-editor").first().waitFor();
  const boxOf = async (selector: string) =>
    (await page.locator(selector).locator("visible=true").first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [question, variables, answer, button] = [
    await boxOf("app-query-editor"),
    await boxOf("app-variables-editor"),
    await boxOf("app-query-result"),
    await boxOf(".send-request__button"),
  ];
  for (const box of [question, answer]) expect([box.width > 300, box.height > 200]).toEqual([true, true]);
  expect(variables.height).toBeGreaterThan(60);
  expect(answer.y).toBeGreaterThanOrEqual(question.y + question.height - 1);
  expect(button.x + button.width).toBeLessThanOrEqual(width);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
}

// One test, because to load the console costs as much as a hundred tests without a browser.
test.skipIf(!hasBrowser)(
  "without a network /graphql leads to our own console, without advertisement, account or assistant, which runs the preset operation with the demo key; examples open there with their variables and run, whatever was open there before, also on a phone",
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
    await send(page);
    await page.getByText("Seen in the console").first().waitFor();
    expect(outside.slice(missed)).toEqual([]);
    const shown = await page.locator("body").innerText();
    expect(shown).not.toMatch(/altair|assistant|log ?in|sign ?in|account|donate|upgrade|github|learn more/i);

    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${gateway.url}/examples`);
    await page.locator('#start a[href^="graphql"]').click({ noWaitAfter: true });
    await page.waitForURL(`${gateway.url}/console/?example=start`);
    await page.getByText("StartMeeting").first().waitFor();
    await page.getByText("Ms. Noor").first().waitFor();
    await expectAllInSight(page, 390);
    await send(page);
    await page.locator("app-query-result").getByText("200 OK").first().waitFor();
    await page.getByText("Seen in the console").first().waitFor();
    const query = "query ($id: ID!) { meeting(id: $id) { isRunning } }";
    expect((await ask(gateway, query, { id: meetingId }, { key })).meeting.isRunning).toBe(true);

    // A subscription, with the key in its first message; and variables that are closed by hand stay closed.
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${gateway.url}/console/?example=listen`);
    await page.getByText("Listen").first().waitFor();
    await page.locator("app-variables-editor").first().waitFor();
    await page.locator(".variables-editor--title").click();
    await page.locator("app-variables-editor").waitFor({ state: "detached" });
    await send(page);
    const { feed } = gateway.opened.services;
    await vi.waitFor(() => expect(feed.followed).toBe(1), { timeout: 20_000 });
    const { joinUrl } = await start(gateway, meetingId, { moderatorName: "Heard in the console" }, { key });
    await gateway.socket().enter(joinUrl);
    await page.getByText("Heard in the console").first().waitFor();
    expect(await page.locator("app-variables-editor").count()).toBe(0);
    expect(complaints).toEqual([]);
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  "Sandbox gets the operation, the key and both addresses by its maker's documented options, under the address the page was opened by",
  async () => {
    const gateway = await boot({ env: { PUBLIC_URL: "https://meet.example.com/vc" } });
    const here = gateway.url.replace("127.0.0.1", "localhost");
    const browser = await openBrowser();
    const page = await openPage(browser);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    // Their script, which no test can count on, as far as it matters here: it keeps what it is given.
    const theirs = "window.EmbeddedSandbox = class { constructor(options) { window.given = options; } };";
    await page.route(
      (url) => url.hostname === "embeddable-sandbox.cdn.apollographql.com",
      (route) => route.fulfill({ contentType: "text/javascript", body: theirs }),
    );
    await page.goto(`${gateway.url}/graphql/?example=start`);
    await page.waitForFunction("window.given");
    expect(await page.evaluate("window.given")).toMatchObject({
      target: "#sandbox",
      initialEndpoint: `${gateway.url}/vc/graphql`,
      initialSubscriptionEndpoint: `${gateway.url.replace("http", "ws")}/vc/graphql`,
      endpointIsEditable: false,
      runTelemetry: false,
      initialState: {
        document: expect.stringContaining("mutation StartMeeting"),
        variables: { input: { moderatorName: "Ms. Noor" } },
        headers: { license: gateway.demoKey },
        pollForSchemaUpdates: false,
      },
    });
    await page.goto(`${here}/graphql`);
    await page.waitForFunction("window.given");
    expect(await page.evaluate("window.given.initialEndpoint")).toBe(`${here}/vc/graphql`);
    expect(complaints).toEqual([]);
  },
);
