import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { notOnBoth } from "../helpers/not-on-both.js";
import { root } from "../start/process.js";

/** What opens a file of SQLite whatever the run is on. */
const opensFile = /\bnew Sqlite\(|\bopenStorage\(|file:\$\{[^}]*\}\/vconnct\.sqlite/;
/** Whoever asks which run it is knows of it. */
const knows = /\b(?:ofFiles|isOnPostgres)\b/;

test("what runs on PostgreSQL, too, opens no file there, unless it asks which run it is", () => {
  const leftOut = Object.keys(notOnBoth);
  expect(leftOut.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  const files = readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name}`)
    .filter((path) => path.endsWith(".ts") && !path.startsWith("test/helpers/"))
    .filter((path) => !leftOut.some((one) => path === one || path.startsWith(`${one}/`)));
  expect(files.length).toBeGreaterThan(200);
  const quietly = files.filter((path) => {
    const text = readFileSync(`${root}${path}`, "utf8");
    return opensFile.test(text) && !knows.test(text);
  });
  expect(quietly).toEqual([]);
});
