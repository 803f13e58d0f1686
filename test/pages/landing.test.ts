import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { revokeLicense } from "../../src/domain/license/revoke-license.js";
import type { LicenseId } from "../../src/storage/index.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { examples } from "../helpers/document.js";
import { openPage } from "../helpers/pages.js";

const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };
const key = /vc_[\w-]{20}/;

async function landing({ url }: Gateway, language?: string) {
  const answer = await fetch(`${url}/`, { headers: language === undefined ? {} : { "accept-language": language } });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

/** Its text as a reader copies it. */
const copied = (html: string): string =>
  html.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&amp;", "&");

const curlOf = (html: string): string => copied(/<pre class="wrap"><code>(curl [^<]*)</.exec(html)?.[1] ?? "");

test("language-3: the page is in the browser's language, from right to left in Arabic, and says so", async () => {
  const gateway = await boot();
  for (const [asked, language, direction, word] of [
    [undefined, "ar", "rtl", "أنشئ اجتماعك الأول"],
    ["ar-EG", "ar", "rtl", "واجهة REST"],
    ["en-US,en;q=0.9", "en", "ltr", "Create your first meeting"],
  ] as const) {
    const { status, headers, html } = await landing(gateway, asked);
    expect([status, headers.get("content-language")]).toEqual([200, language]);
    expect(html).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(html).toContain(word);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(html).not.toContain("<script");
  }
});

test("it lists the twelve routes in the document's order, with methods that are answered", async () => {
  const gateway = await boot();
  const { html } = await landing(gateway, "en");
  const rows = [
    ...html.matchAll(/<tr><td>([^<]+)<\/td><td><code dir="ltr">([^<]+)<\/code><\/td><td><code dir="ltr">([^<]+)</g),
  ];
  // The document prints join_meeting's section with start_meeting's path, by a slip (join-1).
  const printed = examples.map(({ path }) => `/api/v1/${path.split(/[/?]/, 1)[0]}/`);
  printed[printed.lastIndexOf("/api/v1/start_meeting/")] = "/api/v1/join_meeting/";
  expect(rows.map(([, , , path]) => path)).toEqual(printed);
  for (const [, , methods = "", path = ""] of rows) {
    for (const method of methods.split(", ")) {
      expect([method, path, (await fetch(gateway.url + path, { method })).status]).toEqual([method, path, 401]);
    }
  }
});

test("its curl line works when pasted and carries the demo key, until that is revoked", async () => {
  const gateway = await boot();
  const { services } = gateway.opened;
  const { html } = await landing(gateway, "en");
  expect(html).toContain(`<code dir="ltr">${gateway.demoKey}</code>`);
  const { stdout } = await promisify(execFile)("sh", ["-c", curlOf(html)]);
  expect(JSON.parse(stdout)).toMatchObject({ status_code: 201, data: { title: "First meeting" } });
  const { body } = await gateway.v1("list_meetings/", { key: gateway.demoKey ?? null });
  expect(body.data).toHaveLength(1);

  const demo = (await services.storage.read.licenses.list()).find(({ isDemo }) => isDemo);
  await revokeLicense(services, { door: "CLI" }, demo?.id as LicenseId, { endSessions: false });
  const revoked = (await landing(gateway, "en")).html;
  expect(revoked).not.toMatch(key);
  expect(curlOf(revoked)).toContain("'license: YOUR_KEY'");
});

test("in production it shows no key, no console and no schema; the curl line names PUBLIC_URL", async () => {
  const gateway = await boot({ env: production });
  const { html } = await landing(gateway, "en");
  expect(html).not.toMatch(key);
  expect(html).not.toMatch(/href="(?:console|examples|graphql|schema)/);
  expect(curlOf(html)).toMatch(
    /^curl -s https:\/\/meet\.example\.com\/api\/v1\/create_meeting\/ -H 'license: YOUR_KEY'/,
  );
});

test("every link on it leads somewhere, also below a path", async () => {
  const gateway = await boot({ env: { PUBLIC_URL: "https://meet.example.com/vc" } });
  const { html } = await landing(gateway, "en");
  const links = [...html.matchAll(/<a href="([^"]+)"/g)].map(([, href = ""]) => href);
  expect(links.length).toBeGreaterThan(10);
  for (const base of [`${gateway.url}/`, `${gateway.url}/vc/`]) {
    for (const href of links) {
      const { status } = await fetch(new URL(href, base), { headers: { accept: "text/html" } });
      expect([base, href, status]).toEqual([base, href, 200]);
    }
  }
});

test.skipIf(!hasBrowser)("on a phone nothing of it is wider than the screen, in both languages", async () => {
  const gateway = await boot();
  const browser = await openBrowser();
  for (const locale of ["ar-EG", "en-GB"]) {
    const page = await openPage(browser, { locale, width: 390, height: 844 });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    for (const path of ["/", "/docs/", "/docs/graphql.md"]) {
      await page.goto(gateway.url + path);
      expect([path, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([path, 390]);
    }
    expect(complaints).toEqual([]);
  }
});

test("the schema's text has a tag, and who sends it back is told 304", async () => {
  const gateway = await boot();
  const ask = (headers: Record<string, string> = {}, method = "GET") =>
    fetch(`${gateway.url}/schema.graphql`, { headers, method });
  const whole = await ask();
  const etag = whole.headers.get("etag") ?? "";
  expect([whole.status, whole.headers.get("cache-control"), etag]).toEqual([
    200,
    "no-cache",
    expect.stringMatching(/^"/),
  ]);
  expect(await whole.text()).toContain("type Query");
  for (const [sent, method] of [
    [etag, "GET"],
    [`"x", W/${etag}`, "HEAD"],
  ] as const) {
    const same = await ask({ "if-none-match": sent }, method);
    expect([same.status, same.headers.get("etag"), await same.text()]).toEqual([304, etag, ""]);
  }
  expect((await ask({ "if-none-match": '"x"' })).status).toBe(200);
});
