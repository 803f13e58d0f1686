import { expect, test } from "vitest";
import type { Callback, OpenEngine } from "../../src/engine/engine.js";
import { StorageUnavailable } from "../../src/storage/index.js";
import { boot } from "../helpers/boot.js";
import { testEngine } from "../helpers/test-engine.js";

/** An engine that keeps what it is told; and the address at which it is told something. */
async function listening(env: Record<string, string> = {}, folder?: string) {
  const engine = testEngine();
  const heard: Callback[] = [];
  let address = (_path: string) => "";
  let answer = async (): Promise<{ status: number }> => ({ status: 200 });
  const open: OpenEngine = (setting) => {
    address = (path) => setting.callbackUrl(path);
    return {
      ...engine.open(setting),
      hear: (callback) => {
        heard.push(callback);
        return answer();
      },
    };
  };
  const gateway = await boot({ engines: { test: open }, defaultEngine: "test", env, ...(folder && { folder }) });
  const answers = (next: typeof answer) => (answer = next);
  return { gateway, heard, address: (path: string) => address(path), answers };
}

test("what an engine sends to an address of its own comes to it as it was sent, whatever its type", async () => {
  const { heard, address } = await listening();
  const body = Buffer.from([0, 255, 10, 13, 61, 38]);
  const post = (type: string) =>
    fetch(`${address("told")}?a=%27b&a`, { method: "POST", body, headers: { "content-type": type } });
  for (const type of ["application/x-www-form-urlencoded", "application/json", "application/x.anything"]) {
    expect((await post(type)).status).toBe(200);
  }
  expect((await fetch(address("ended/1"))).status).toBe(200);
  expect(heard.map(({ path, method, query }) => [path, method, query])).toEqual([
    ...Array.from({ length: 3 }, () => ["told", "POST", "a=%27b&a"]),
    ["ended/1", "GET", ""],
  ]);
  expect(heard.slice(0, 3).every((each) => each.body.equals(body) && each.url === `${address("told")}?a=%27b&a`)).toBe(
    true,
  );
});

test("without the part nobody can guess there is nothing: the answer is that of any address that is not ours, and the log does not name it", async () => {
  const { gateway, heard, address } = await listening();
  const right = new URL(address("told"));
  const [, door, engine, key = ""] = right.pathname.split("/");
  const nowhere = await fetch(`${gateway.url}/nowhere`);
  const expected = [404, await nowhere.json()];
  const wrong = [
    `/${door}/${engine}/${key.slice(0, -2)}AA/told`,
    `/${door}/${engine}/${key}x/told`,
    `/${door}/${engine}/_/told`,
    `/${door}/other/${key}/told`,
    // The key of one kind of callback is none for another.
    `/${door}/${engine}/${key}/other`,
    `/${door}/builtin/${key}/told`,
  ];
  for (const path of wrong) {
    const sent = await fetch(`${gateway.url}${path}`, { method: "POST", body: "x".repeat(100_000) });
    expect([sent.status, await sent.json()]).toEqual(expected);
  }
  expect((await fetch(right, { method: "PUT" })).status).toBe(404);
  expect(heard).toEqual([]);
  await fetch(right);
  expect(gateway.log()).not.toContain(key);
});

test("a body that is too large is refused, and where the database takes nothing the answer says to come again", async () => {
  const { heard, address, answers } = await listening();
  expect((await fetch(address("told"), { method: "POST", body: Buffer.alloc(4096 * 1024 + 1) })).status).toBe(413);
  expect(heard).toEqual([]);
  answers(async () => {
    throw new StorageUnavailable("full");
  });
  expect((await fetch(address("told"), { method: "POST" })).status).toBe(503);
  answers(async () => ({ status: 401 }));
  expect((await fetch(address("told"), { method: "POST" })).status).toBe(401);
});

test("an address that an engine was given is good after the secret was changed, and after PUBLIC_URL was", async () => {
  const [before, after] = ["b".repeat(40), "a".repeat(40)];
  const first = await listening({ SECRET_KEY: before });
  const given = new URL(first.address("told"));
  const next = await listening({ SECRET_KEY: after, SECRET_KEY_PREVIOUS: before, PUBLIC_URL: "https://gw.example/x" });
  expect(next.address("told")).toMatch(/^https:\/\/gw\.example\/x\/engine-callbacks\/test\/[\w-]{43}\/told$/);
  for (const base of ["", "/x"]) {
    expect((await fetch(`${next.gateway.url}${base}${given.pathname}`)).status).toBe(200);
  }
  expect(next.heard[0]?.url).toBe(`https://gw.example/x${given.pathname}`);
});
