import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** The pages that no test is at, each alone in its profile, by browser and language. */
const free = new WeakMap<Browser, Map<string, Page[]>>();

function freePages(browser: Browser, locale: string): Page[] {
  const ofBrowser = free.get(browser) ?? new Map<string, Page[]>();
  const pages = ofBrowser.get(locale) ?? [];
  free.set(browser, ofBrowser.set(locale, pages));
  return pages;
}

async function newPage(browser: Browser, locale: string): Promise<Page> {
  return (await browser.newContext({ locale })).newPage();
}

/** As it was when it was opened. */
async function putBack(page: Page, pages: Page[]): Promise<void> {
  for (const event of ["console", "pageerror", "request", "websocket"]) page.removeAllListeners(event);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  for (const other of page.context().pages()) if (other !== page) await other.close();
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.goto("about:blank");
  pages.push(page);
}

export interface PageOptions {
  /** Few, since each has its own pages: `ar-EG` where nothing else matters, and `en-GB`. */
  locale?: string;
  width?: number;
  height?: number;
  /** What the test does to it can't be undone, like another clock or other sockets: nobody gets it after. */
  isOwn?: boolean;
}

/**
 * A person's own page of that browser, given back with the test, because a new one costs as much as six visits. Nothing
 * of another test is in its storage: each server has its own port.
 */
export async function openPage(
  browser: Browser,
  { locale = "en-GB", width = 1280, height = 800, isOwn = false }: PageOptions = {},
): Promise<Page> {
  const pages = freePages(browser, locale);
  const page = (isOwn ? undefined : pages.pop()) ?? (await newPage(browser, locale));
  onTestFinished(() => (isOwn ? page.context().close() : putBack(page, pages)));
  await page.setViewportSize({ width, height });
  return page;
}
