import { request } from "node:http";
import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { builtPage, builtPageFolder } from "../../src/built-page.js";
import { boot } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";

const read = (name: string) => readFileSync(new URL(name, builtPageFolder));
const names = readdirSync(builtPageFolder).filter((name) => /\.(?:js|css)$/.test(name));

const unpack = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (bytes: Buffer) => bytes,
};

/** As it comes over the line: `fetch` would unpack it. */
function get(url: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("enter-1: the page's files come whole for a year, packed as it was asked; who has one is told that it is the same", async () => {
  const { url } = await boot();
  expect(names).toEqual(expect.arrayContaining([builtPage().script, builtPage().style]));
  for (const name of names) {
    const address = `${url}/api/room/assets/${name}`;
    const type = name.endsWith(".css") ? "text/css" : "text/javascript";
    const asked = [
      ["gzip, deflate, br, zstd", "br"],
      ["gzip", "gzip"],
      ["br;q=0, gzip", "gzip"],
      ["", "identity"],
    ] as const;
    for (const [header, encoding] of asked) {
      const answer = await get(address, { "accept-encoding": header });
      expect([answer.status, answer.headers["content-type"]]).toEqual([200, `${type}; charset=utf-8`]);
      expect(answer.headers["content-encoding"] ?? "identity").toBe(encoding);
      expect([answer.headers["cache-control"], answer.headers["vary"]]).toEqual([
        "public, max-age=31536000, immutable",
        expect.stringContaining("accept-encoding"),
      ]);
      expect(unpack[encoding](answer.body).equals(read(name))).toBe(true);
      const etag = String(answer.headers["etag"]);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const again = await get(address, { "accept-encoding": header, "if-none-match": known });
        expect([known, again.status, again.body.byteLength]).toEqual([known, 304, 0]);
      }
      expect((await get(address, { "accept-encoding": header, "if-none-match": '"other"' })).status).toBe(200);
    }
    const head = await get(address, {}, "HEAD");
    expect([head.status, head.headers["content-length"], head.body.byteLength]).toEqual([
      200,
      String(read(name).byteLength),
      0,
    ]);
  }
  expect((await get(`${url}/api/room/assets/nothing.js`)).status).toBe(404);
});

test("a join link's page with all its files is less than 120 kB as it comes, and keeps nothing of the page itself", async () => {
  const gateway = await boot();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  for (const language of ["ar", "en"]) {
    const page = await get(link, { "accept-encoding": "br", "accept-language": language });
    expect(page.headers["cache-control"]).toBe("no-store");
    const asked = [...String(page.body).matchAll(/(?:src|href)="(room\/assets\/[^"]+)"/g)].map(
      ([, address = ""]) => address,
    );
    const { script, parts, style, texts } = builtPage();
    const first = [script, ...parts, style, texts[language]];
    expect(new Set(asked)).toEqual(new Set(first.map((name) => `room/assets/${name}`)));
    // What is loaded later counts as well, but the other languages' sentences.
    const later = names.filter((name) => !name.startsWith("texts-")).map((name) => `room/assets/${name}`);
    let bytes = page.body.byteLength;
    for (const address of new Set([...asked, ...later])) {
      const file = await get(new URL(address, link).href, { "accept-encoding": "br" });
      expect(file.status).toBe(200);
      bytes += file.body.byteLength;
    }
    expect(bytes).toBeLessThan(120_000);
  }
});
