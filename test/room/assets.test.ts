import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";

const folder = new URL("../../src/engine/builtin/page/", import.meta.url);
const files = {
  "room.js": "text/javascript",
  "line.js": "text/javascript",
  "view.js": "text/javascript",
  "room.css": "text/css",
};

test("enter-1: the page's files come whole, with their types; who has one is told that it is the same", async () => {
  const { url } = await boot();
  for (const [name, type] of Object.entries(files)) {
    const address = `${url}/api/room/assets/${name}`;
    const answer = await fetch(address);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, `${type}; charset=utf-8`]);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=0");
    expect(await answer.text()).toBe(readFileSync(new URL(name, folder), "utf8"));
    const etag = answer.headers.get("etag") ?? "";
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await fetch(address, { headers: { "if-none-match": known } });
      expect([known, again.status, await again.text()]).toEqual([known, 304, ""]);
    }
    expect((await fetch(address, { headers: { "if-none-match": `"other"` } })).status).toBe(200);
    const head = await fetch(address, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String(readFileSync(new URL(name, folder)).byteLength),
      "",
    ]);
  }
  expect((await fetch(`${url}/api/room/assets/nothing.js`)).status).toBe(404);
});
