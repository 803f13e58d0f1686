import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RoomClient, temporaryFolder } from "../helpers/boot.js";
import { demoKeyOf, root, run, server, stop } from "./process.js";

const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };
const secret = "hunter2";

async function ask(url: string): Promise<void> {
  await fetch(`${url}/api/v1/list_meetings/?license=${secret}`);
  await fetch(`${url}/api/join?fullName=x&checksum=${secret}`);
  await fetch(`${url}/nothing-${secret}?key=${secret}`);
  await fetch(`${url}/graphql`, { method: "POST", body: secret });
  const room = new RoomClient(url);
  await room.enter(`?${secret}`);
  room.cut();
}

test("link-5: in development a request is one short line, named by its route; the greeting stands last, with nothing of a library after it", async () => {
  const started = await server(temporaryFolder());
  const url = await started.url();
  const greeting = started.out();
  expect(demoKeyOf(greeting.trimEnd().split("\n").at(-1) ?? "")).toBeDefined();
  expect(greeting.split("\n").filter((line) => line.includes("INFO")).length).toBeLessThan(3);
  await ask(url);
  await stop(started);
  const lines = started
    .out()
    .slice(greeting.length)
    .split("\n")
    .filter((line) => / (?:GET|POST) /.test(line));
  const id = "[0-9a-f-]{36}";
  for (const [index, line] of [
    "GET /api/v1/list_meetings/ 401 \\d+ ms",
    "GET /api/join 403 \\d+ ms",
    "GET \\(none\\) 404 \\d+ ms",
    "POST /graphql 415 \\d+ ms",
    "GET /api/room \\(socket\\)",
  ].entries()) {
    expect(lines[index]).toMatch(new RegExp(`^\\[\\d\\d:\\d\\d:\\d\\d\\] INFO: ${line} ${id}$`));
  }
  expect(lines).toHaveLength(5);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(110);
  expect(started.out() + started.err()).not.toContain(secret);
});

test("link-5: in production all that is printed is JSON, the greeting too, a line for each request as it is over and for a socket as it comes, without its address", async () => {
  const started = await server(temporaryFolder(), production);
  const url = await started.url();
  await ask(url);
  await stop(started);
  const lines = started
    .out()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { msg: string; req?: object; res?: object });
  const base = production.PUBLIC_URL;
  expect(lines.find(({ msg }) => msg === "VConnct Gateway is running")).toMatchObject({
    level: 30,
    graphql: `${base}/graphql`,
    v1: `${base}/api/v1/`,
    start: `${base}/`,
    listening: url,
  });
  expect(lines.filter(({ req }) => req)).toEqual([
    ...[
      { req: { method: "GET", route: "/api/v1/list_meetings/" }, res: { statusCode: 401 } },
      { req: { method: "GET", route: "/api/join" }, res: { statusCode: 403 } },
      { req: { method: "GET", route: "(none)" }, res: { statusCode: 404 } },
      { req: { method: "POST", route: "/graphql" }, res: { statusCode: 401 } },
    ].map((facts) =>
      expect.objectContaining({
        reqId: expect.any(String),
        req: { id: expect.any(String), ...facts.req },
        res: facts.res,
        responseTime: expect.any(Number),
        msg: "request completed",
      }),
    ),
    expect.objectContaining({ req: expect.objectContaining({ route: "/api/room" }), msg: "incoming request" }),
  ]);
  expect(started.out() + started.err()).not.toContain(secret);
});

test("what was told in a process' last turn is written when it ends, in its order, and a fault at once", async () => {
  const text = `
    import { fstatSync } from "node:fs";
    import { openLog } from ${JSON.stringify(`${root}dist/http/observe.js`)};
    const log = await openLog({ logLevel: "info", isProduction: true });
    log.info("one");
    const before = fstatSync(1).size;
    log.warn("two");
    const after = fstatSync(1).size;
    log.info({ grown: [before === 0, after > 0] }, "three");
    process.exit(3);`;
  const file = `${temporaryFolder()}/log`;
  const { ended } = run(["sh", "-c", `exec "$0" --input-type=module -e "$1" > ${file}`, process.execPath, text], {});
  expect(await ended).toEqual({ code: 3, signal: null });
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const told = lines.map((line) => JSON.parse(line) as { msg: string; grown?: boolean[] });
  expect(told.map(({ msg }) => msg)).toEqual(["one", "two", "three"]);
  expect(told[2]?.grown).toEqual([true, true]);
});

test("two processes that write into one pipe do not cut each other's lines", async () => {
  const text = `
    import { openLog } from ${JSON.stringify(`${root}dist/http/observe.js`)};
    const log = await openLog({ logLevel: "info", isProduction: true });
    for (let turn = 0; turn < 200; turn += 1) {
      for (let line = 0; line < 50; line += 1) log.info({ line, filled: "x".repeat(line * 5) }, "a line");
      await new Promise((resolve) => setImmediate(resolve));
    }`;
  const one = `"$0" --input-type=module -e "$1"`;
  const started = run(["sh", "-c", `(${one} & ${one} & wait) | (sleep 1; cat)`, process.execPath, text], {});
  expect(await started.ended).toEqual({ code: 0, signal: null });
  const lines = started.out().trimEnd().split("\n");
  expect(lines).toHaveLength(20_000);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ msg: "a line" });
});
