import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { revokeLicense } from "../../src/domain/license/revoke-license.js";
import { MOST_ENTRIES, MOST_FAULTS } from "../../src/domain/checks.js";
import { errorCodes } from "../../src/graphql/run/codes.js";
import { limits } from "../../src/graphql/run/limits.js";
import type { LicenseId } from "../../src/storage/index.js";
import { newMeeting, start } from "../graphql/ask.js";
import { boot } from "../helpers/boot.js";
import { root } from "../start/process.js";

const page = readFileSync(join(root, "docs/graphql.md"), "utf8");
const programs = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

/** What a reader gets who puts these programs into one module. */
function runModule(base: string, key: string, parts: string[]) {
  const known = `const BASE = ${JSON.stringify(base)}, KEY = ${JSON.stringify(key)};`;
  const child = spawn(process.execPath, ["--input-type=module", "-"], { cwd: root });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
  child.stdin.end([known, ...parts].join("\n"));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { ended, said: () => said.trim().split("\n").filter(Boolean) };
}

/** Passes everything on until its lines are cut. */
async function cuttable(target: string) {
  const { port, hostname } = new URL(target);
  const lines = new Set<Socket>();
  const proxy = createServer((line) => {
    const onward = connect(Number(port), hostname);
    for (const socket of [line, onward]) socket.on("error", () => {});
    lines.add(line);
    line.on("close", () => {
      lines.delete(line);
      onward.destroy();
    });
    onward.on("close", () => line.destroy());
    line.pipe(onward).pipe(line);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => void proxy.close());
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut: () => {
      for (const line of lines) line.destroy();
    },
  };
}

test("the live client printed there misses nothing through a token that expires and a cut line, and gives up when the license is revoked", async () => {
  const gateway = await boot({ timings: { liveCheck: 100 } });
  const { id, key } = await gateway.license();
  const line = await cuttable(gateway.url);
  const { feed } = gateway.opened.services;
  const follow = programs.find((each) => each.includes("keepAlive")) ?? "";
  const [ask = ""] = /^async function ask[\s\S]*?^\}$/m.exec(programs[0] ?? "") ?? [];
  const [makeToken = ""] = /^async function makeToken[\s\S]*?^\}$/m.exec(programs.join("\n")) ?? [];
  const heard = "followSessions(makeToken, ({ session }) => console.log(session.title));";
  const { ended, said } = runModule(line.url, key, [ask, makeToken, follow, heard]);
  const startOne = async (title: string) => start(gateway, await newMeeting(gateway, { title }, { key }), {}, { key });

  await vi.waitFor(() => expect(feed.followed).toBe(1), { timeout: 10_000 });
  await startOne("before");
  await vi.waitFor(() => expect(said()).toEqual(["before"]), { timeout: 10_000 });

  gateway.clock.forward(901_000);
  await vi.waitFor(() => expect(feed.followed).toBe(0), { timeout: 10_000 });
  await startOne("while the token was past its time");
  await vi.waitFor(() => expect(said()).toHaveLength(2), { timeout: 10_000 });

  line.cut();
  await vi.waitFor(() => expect(feed.followed).toBe(0), { timeout: 10_000 });
  await startOne("while the line was cut");
  await vi.waitFor(() => expect(said()).toHaveLength(3), { timeout: 10_000 });

  await revokeLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { endSessions: false });
  expect(await ended).toBe(0);
  expect(said()).toEqual([
    "before",
    "while the token was past its time",
    "while the line was cut",
    "it can't go on: LICENSE_REVOKED",
  ]);
});

test("the programs printed there, one after the other in one module, do what they say", async () => {
  const gateway = await boot();
  const { ended, said } = runModule(gateway.url, gateway.key, programs);
  expect([await ended, said()]).toEqual([
    0,
    [
      "Algebra",
      "1 FORBIDDEN",
      "[ 'Algebra' ]",
      "null",
      "NOT_FOUND",
      "Algebra",
      "ENDED",
      "33",
      "OPERATION_TOO_LARGE 10201",
    ],
  ]);
});

test("the table of codes is the list the server keeps to", () => {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
  expect(rows).toEqual(Object.entries(errorCodes));
});

test("the table of limits says what is checked", () => {
  const rows = new Map([...page.matchAll(/^\| ([a-z ]+) \| ([\d,]+)/gm)].map(([, name, most]) => [name, most]));
  const said = (name: string) => Number((rows.get(name) ?? "").replace(",", ""));
  expect({
    tokens: said("tokens in a document"),
    depth: said("levels"),
    aliases: said("aliases"),
    rootFields: said("root fields"),
    repeats: said("times that a field of one object may be asked for"),
    points: said("points an operation asks for"),
  }).toEqual(limits);
  expect([said("entries of a list that goes in"), said("errors in an answer")]).toEqual([MOST_ENTRIES, MOST_FAULTS]);
});
