import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderMarkdown } from "../../src/http/markdown.js";
import { boot, temporaryFolder } from "../helpers/boot.js";
import { root, server } from "../start/process.js";

const files = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".md"),
);

async function pageAt(url: string) {
  const answer = await fetch(url);
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

const linksOf = (html: string): string[] => [...html.matchAll(/<a href="([^"]+)"/g)].map(([, href = ""]) => href);

test("every file of docs/ is a page, listed, without scripts, and every link on it leads to something that is there", async () => {
  const { url } = await boot();
  const contents = await pageAt(`${url}/docs`);
  expect(files.filter((file) => !linksOf(contents.html).includes(file))).toEqual([]);
  const known = new Map<string, string>();
  for (const file of files) {
    const address = `${url}/docs/${file}`;
    const { status, headers, html } = await pageAt(address);
    expect([file, status, headers.get("content-type")]).toEqual([file, 200, "text/html; charset=utf-8"]);
    expect(headers.get("content-language")).toBe("en");
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(html).toMatch(/<h1 id="[^"]+">/);
    expect(html).not.toContain("<script");
    for (const asset of [
      ...linksOf(html),
      ...[...(/<link rel="stylesheet" href="([^"]+)"/.exec(html) ?? [])].slice(1),
    ]) {
      const target = new URL(asset, address);
      if (target.origin !== url) continue;
      const anchor = target.hash.slice(1);
      target.hash = "";
      if (!known.has(target.href)) {
        const found = await pageAt(target.href);
        expect([file, asset, found.status]).toEqual([file, asset, 200]);
        known.set(target.href, found.html);
      }
      if (anchor) expect(known.get(target.href)).toContain(`id="${anchor}"`);
    }
  }
  expect(linksOf((await pageAt(`${url}/docs/graphql.md`)).html)).toContain("../schema.graphql");
});

test("as it is shipped, in production: the docs are there, and what the server does not have is no link", async () => {
  const env = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com/vc", SECRET_KEY: "s".repeat(32) };
  const url = await (await server(temporaryFolder(), env)).url();
  const page = await pageAt(`${url}/vc/docs/graphql.md`);
  expect(page.status).toBe(200);
  expect(linksOf(page.html).filter((href) => href.includes("schema"))).toEqual([]);
  expect(page.html).toContain("schema.graphql is what it answers");
  const moved = await fetch(`${url}/vc/docs`, { redirect: "manual" });
  expect(new URL(moved.headers.get("location") ?? "", moved.url).pathname).toBe("/vc/docs/");
  expect((await fetch(`${url}/docs/..%2fREADME.md`)).status).toBe(404);
});

test("HTML of a text's own is shown as it is written, and a link goes only where it is let", () => {
  const text = [
    "# A <b>title</b> & `code`",
    "",
    "<script>alert(1)</script>",
    "",
    'A <img src=x onerror="alert(1)"> and [one](javascript:alert(1)), [two](https://example.com/?a=1&b="2"), ![three](x.png)',
    "",
    "```html",
    "<script>alert(2)</script>",
    "```",
  ].join("\n");
  const html = renderMarkdown(text, (href) => (href.startsWith("https:") ? href : undefined));
  expect(html).not.toMatch(/<(?:script|img|b)\b|javascript:/);
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(html).toContain("&lt;script&gt;alert(2)&lt;/script&gt;");
  expect(html.match(/<a /g)).toHaveLength(1);
});
