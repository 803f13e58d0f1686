import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/boot.js";

const root = new URL("../../", import.meta.url).pathname;

test("git ignores a server's own files wherever they lie in the checkout, and no source", () => {
  const folder = temporaryFolder();
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  copyFileSync(`${root}.gitignore`, `${folder}/.gitignore`);
  const own = ["x.sqlite", "x.sqlite-wal", "x.sqlite-shm", "x.sqlite.lock", "any.db.lock", "secret.key"];
  const paths = own.flatMap((name) => [name, `test/deep/${name}`, `elsewhere/${name}`]);
  const sources = ["src/secret.ts", "package-lock.json", "drizzle/sqlite/0000_x.sql"];
  const { stdout } = spawnSync("git", ["check-ignore", ...paths, ...sources], { cwd: folder, encoding: "utf8" });
  expect(stdout.trim().split("\n").toSorted()).toEqual(paths.toSorted());
});
