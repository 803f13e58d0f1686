import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { bytesIn, environmentFor, environmentOf, isOnPostgres, temporaryFolder } from "../helpers/databases.js";
import { welcome } from "../../src/welcome.js";
import { runInside } from "../cli/tool.js";
import { answerTo, demoKeyOf, run, stop } from "./process.js";

const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };

test("two starts: what is printed, a curl line that works when pasted, private files, and the same key again", async () => {
  const folder = join(temporaryFolder(), "new");
  const program = ["sh", "-c", `umask 000; exec ${process.execPath} dist/main.js`];
  const env = { PORT: "0", ...(await environmentFor(folder)) };
  const first = run(program, env);
  const url = await first.url();
  for (const address of ["/graphql", "/console/", "/api/v1/", "/"]) expect(first.out()).toContain(url + address);
  expect(first.err()).toBe("");

  const line = first
    .out()
    .split("\n")
    .find((each) => each.startsWith("curl "));
  const answer = JSON.parse(execFileSync("sh", ["-c", line ?? ""], { encoding: "utf8" }));
  expect(answer).toMatchObject({ status: true, status_code: 201, data: { title: "First meeting" } });
  expect(answer.data.meeting_setting).toHaveLength(10);

  const files = readdirSync(folder);
  expect(files).toEqual(
    expect.arrayContaining(["secret.key", ...(isOnPostgres ? [] : ["vconnct.sqlite", "vconnct.sqlite-wal"])]),
  );
  for (const name of files) {
    expect([name, (statSync(join(folder, name)).mode & 0o777).toString(8)]).toEqual([name, "600"]);
  }
  const secret = readFileSync(join(folder, "secret.key"), "utf8");
  expect(Buffer.from(secret.trim(), "base64url").length).toBeGreaterThanOrEqual(32);

  // Twice, as a Ctrl-C under npm arrives: the second must not cut short what the first began.
  first.child.kill("SIGTERM");
  expect(await stop(first)).toEqual({ code: 0, signal: null });
  const key = demoKeyOf(first.out()) ?? "";
  const stored = await bytesIn(folder);
  expect(stored).not.toContain(key);
  expect(stored).toContain(createHash("sha256").update(key).digest("hex"));

  const second = run(program, env);
  const secondUrl = await second.url();
  expect(demoKeyOf(second.out())).toBe(key);
  expect(await answerTo(secondUrl, key)).toMatchObject({ status: 200 });
  expect(readFileSync(join(folder, "secret.key"), "utf8")).toBe(secret);
  second.child.kill("SIGINT");
  second.child.kill("SIGINT");
  expect(await second.ended).toEqual({ code: 0, signal: null });
});

test("the secret lies in DATA_DIR where that is set", async () => {
  const folder = temporaryFolder();
  await boot({ env: { DATA_DIR: join(folder, "keys") } });
  expect(statSync(join(folder, "keys", "secret.key")).mode & 0o777).toBe(0o600);
});

test("another secret revokes the demo key of the one before; the same secret again brings it back", async () => {
  const folder = temporaryFolder();
  const withSecret = (letter: string) => boot({ folder, env: { SECRET_KEY: letter.repeat(32) } });
  const one = await withSecret("a");
  const { demoKey: first = "" } = one;
  await one.stop();
  const two = await withSecret("b");
  const { demoKey: second = "" } = two;
  expect(second).not.toBe(first);
  expect(await answerTo(two.url, first)).toEqual({ status: 401, code: "LICENSE_REVOKED" });
  expect(await answerTo(two.url, second)).toMatchObject({ status: 200 });
  await two.stop();
  const back = await withSecret("a");
  expect(back.demoKey).toBe(first);
  expect(await answerTo(back.url, first)).toMatchObject({ status: 200 });
  expect(await answerTo(back.url, second)).toEqual({ status: 401, code: "LICENSE_REVOKED" });
});

test("a demo license that the operator revoked stays revoked: the next start shows no key and says how one is made", async () => {
  const folder = temporaryFolder();
  const withSecret = (letter: string) => boot({ folder, env: { SECRET_KEY: letter.repeat(32) } });
  const one = await withSecret("a");
  const { demoKey: key = "" } = one;
  const demo = (await one.opened.services.storage.read.licenses.list()).find(({ isDemo }) => isDemo);
  await one.stop();
  // Another secret's demo license has taken over meanwhile: the operator's word counts for this one all the same.
  await (await withSecret("b")).stop();
  const env = { ...environmentOf(folder), SECRET_KEY: "a".repeat(32) };
  expect((await runInside(env, ["license", "revoke", demo?.id ?? ""])).code).toBe(0);

  const started = await withSecret("a");
  const said = welcome(started) + started.log();
  expect(said).not.toContain("vc_");
  expect(said).toMatch(/The demo license was revoked[^]*vconnct license create/);
  expect(await answerTo(started.url, key)).toEqual({ status: 401, code: "LICENSE_REVOKED" });
});

test.each([
  ["production", production, "https://meet.example.com/graphql"],
  ["HOST=0.0.0.0", { HOST: "0.0.0.0" }, "/graphql"],
])("%s prints and presets no demo key, and says how a key is made", async (_, env, address) => {
  const started = await boot({ env: { NODE_ENV: "development", ...env } });
  const said = welcome(started);
  expect(said).toContain(address);
  expect(said).toContain("vconnct license create");
  for (const path of ["/", "/graphql", "/console/"]) {
    const answer = await fetch(started.url + path, { headers: { accept: "text/html" } });
    expect((await answer.text()) + said + started.log()).not.toMatch(/vc_[\w-]{20}/);
  }
});

test("HOST=0.0.0.0 without PUBLIC_URL warns that links lead nowhere from other machines, and says what to set", async () => {
  const warned = async (env: Record<string, string>) =>
    /PUBLIC_URL is not set: .*/.exec((await boot({ env })).log())?.[0];
  const anywhere = await warned({ HOST: "0.0.0.0" });
  expect(anywhere).toMatch(/join links begin with http:\/\/localhost:\d+, .* PUBLIC_URL=http:\/\/[^\s:]+:\d+/);
  expect(await warned({ HOST: "0.0.0.0", PUBLIC_URL: "http://meet.example" })).toBeUndefined();
  expect(await warned({})).toBeUndefined();
});
