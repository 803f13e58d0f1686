import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { takeBody } from "../../src/http/begun.js";
import { rawLine } from "../helpers/raw.js";

test("a body that came with its head is taken at once, of another nothing; then the line serves the next request", async () => {
  const taken: (string | undefined)[] = [];
  const server = createServer((request, response) =>
    takeBody(request, (bytes) => {
      taken.push(bytes?.toString());
      if (bytes) return void request.once("end", () => response.end("whole"));
      request.on("data", (chunk) => taken.push(String(chunk))).once("end", () => response.end("in pieces"));
    }),
  ).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const line = await rawLine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const head = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n";
  line.write(`${head}abcd`);
  await line.until(/whole/);
  line.write(`${head}ab`);
  await expect.poll(() => taken).toEqual(["abcd", undefined, "ab"]);
  line.write("cd");
  await line.until(/in pieces/);
  line.write(`${head}efgh`);
  expect(await line.statuses(3)).toEqual([200, 200, 200]);
  expect(taken).toEqual(["abcd", undefined, "ab", "cd", "efgh"]);
});
