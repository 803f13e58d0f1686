import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/boot.js";
import { answerTo, demoKeyOf, run, server, stop } from "./process.js";

const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };

/** Everything in the folder's files, as it lies on the disk. */
const onDisk = (folder: string) =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("");

test("the first start says where everything is, with a curl line that creates a meeting when pasted", async () => {
  const started = server(join(temporaryFolder(), "new", "data"));
  const url = await started.url();
  const out = started.out();
  for (const address of [`${url}/graphql`, `${url}/console/`, `${url}/api/v1/`, `${url}/`])
    expect(out).toContain(address);
  expect(started.err()).toBe("");

  const line = out.split("\n").find((each) => each.startsWith("curl ")) ?? "";
  const answer = JSON.parse(execFileSync("sh", ["-c", line], { encoding: "utf8" }));
  expect(answer).toMatchObject({ status: true, status_code: 201, data: { title: "First meeting" } });
  expect(answer.data.meeting_setting).toHaveLength(10);
  expect(await stop(started)).toEqual({ code: 0, signal: null });
});

test("database, side files and secret are their owner's only, whatever the umask; the secret is kept", async () => {
  const folder = temporaryFolder();
  const loose = (env = {}) =>
    run(["sh", "-c", `umask 000; exec ${process.execPath} dist/main.js`], {
      PORT: "0",
      DATABASE_URL: `file:${folder}/data/vconnct.sqlite`,
      ...env,
    });
  const first = loose();
  await first.url();
  const modes = Object.fromEntries(
    readdirSync(`${folder}/data`).map((name) => [name, (statSync(`${folder}/data/${name}`).mode & 0o777).toString(8)]),
  );
  expect(Object.keys(modes)).toEqual(expect.arrayContaining(["secret.key", "vconnct.sqlite", "vconnct.sqlite-wal"]));
  expect(new Set(Object.values(modes))).toEqual(new Set(["600"]));
  const secret = readFileSync(`${folder}/data/secret.key`, "utf8");
  expect(Buffer.from(secret.trim(), "base64url").length).toBeGreaterThanOrEqual(32);
  await stop(first);

  const again = loose({ DATA_DIR: `${folder}/keys` });
  await again.url();
  expect(readFileSync(`${folder}/keys/secret.key`, "utf8")).not.toBe(secret);
  expect(readFileSync(`${folder}/data/secret.key`, "utf8")).toBe(secret);
  await stop(again);
});

test("the demo key is the same on every start, although only its hash is stored", async () => {
  const folder = temporaryFolder();
  const first = server(folder);
  const key = demoKeyOf((await first.url()) + first.out()) ?? "";
  await stop(first);
  const stored = onDisk(folder);
  expect(stored).not.toContain(key);
  expect(stored).toContain(createHash("sha256").update(key).digest("hex"));

  const second = server(folder);
  const url = await second.url();
  expect(demoKeyOf(second.out())).toBe(key);
  expect(await answerTo(url, key)).toMatchObject({ status: 200 });
  await stop(second);
});

test("another secret revokes the demo key of the one before; the same secret again brings it back", async () => {
  const folder = temporaryFolder();
  const withSecret = async (letter: string) => {
    const started = server(folder, { SECRET_KEY: letter.repeat(32) });
    const url = await started.url();
    return { url, key: demoKeyOf(started.out()) ?? "", end: () => stop(started) };
  };
  const one = await withSecret("a");
  await one.end();
  const two = await withSecret("b");
  expect(two.key).not.toBe(one.key);
  expect(await answerTo(two.url, one.key)).toEqual({ status: 401, code: "LICENSE_REVOKED" });
  expect(await answerTo(two.url, two.key)).toMatchObject({ status: 200 });
  await two.end();
  const back = await withSecret("a");
  expect(back.key).toBe(one.key);
  expect(await answerTo(back.url, one.key)).toMatchObject({ status: 200 });
  expect(await answerTo(back.url, two.key)).toEqual({ status: 401, code: "LICENSE_REVOKED" });
  await back.end();
});

test("production and 0.0.0.0 print no demo key, and say how a key is made", async () => {
  const folder = temporaryFolder();
  const shown = server(folder, { SECRET_KEY: production.SECRET_KEY });
  await shown.url();
  const key = demoKeyOf(shown.out()) ?? "";
  await stop(shown);
  for (const env of [production, { HOST: "0.0.0.0" }]) {
    const started = server(folder, env);
    const url = await started.url();
    const pages = await Promise.all(
      ["/", "/graphql", "/console/"].map(async (path) => {
        const answer = await fetch(url + path, { headers: { accept: "text/html" } });
        return answer.text();
      }),
    );
    expect(started.out() + pages.join("")).not.toMatch(/vc_[\w-]{20}/);
    expect(started.out()).toContain("vconnct license create");
    if ("NODE_ENV" in env) {
      expect(started.out()).toContain("https://meet.example.com/graphql");
      expect(await answerTo(url, key)).toEqual({ status: 401, code: "UNAUTHENTICATED" });
    }
    await stop(started);
  }
});
