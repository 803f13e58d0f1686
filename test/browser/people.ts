import type { Browser, Page } from "playwright-core";
import { openPage, type PageOptions } from "../helpers/pages.js";

/** A view of the room's page, by the name that its body carries. */
export const view = (page: Page, name: string) =>
  page.waitForSelector(`body[data-view="${name}"]`, { timeout: 15_000 });

interface Visit extends PageOptions {
  /** With a camera and a microphone that the page may use. */
  withDevices?: boolean;
  /** Before the page is opened. */
  before?(page: Page): Promise<unknown>;
}

/** A person's own page at the door; what it complains of is collected, and what it asks of other servers. */
export async function visit(browser: Browser, link: string, options?: Visit) {
  const page = await openPage(browser, options);
  if (options?.withDevices) await page.context().grantPermissions(["camera", "microphone"]);
  await options?.before?.(page);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== new URL(link).origin) complaints.push(url.href);
  });
  await page.goto(link);
  return { page, complaints };
}

export async function enter(page: Page): Promise<void> {
  await page.click("#enter");
  await view(page, "room");
}

/** The names in the list, in its order. */
export const listed = (page: Page) => page.locator("#people .name").allInnerTexts();
