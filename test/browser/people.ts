import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** A view of the room's page, by the name that its body carries. */
export const view = (page: Page, name: string) =>
  page.waitForSelector(`body[data-view="${name}"]`, { timeout: 15_000 });

interface Visit {
  locale?: string;
  width?: number;
  height?: number;
}

/** A person's own browser window at the door; what the page complains of is collected. */
export async function visit(
  browser: Browser,
  link: string,
  { locale = "en-GB", width = 1280, height = 800 }: Visit = {},
) {
  const context = await browser.newContext({ locale, viewport: { width, height } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(link);
  return { page, context, complaints };
}

export async function enter(page: Page): Promise<void> {
  await page.click("#enter");
  await view(page, "room");
}

/** The names in the list, in its order. */
export const listed = (page: Page) => page.locator("#people .name").allInnerTexts();
