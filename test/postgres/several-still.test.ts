import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { boot, temporaryFolder } from "../helpers/boot.js";
import { createMeeting } from "../helpers/meetings.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import { program } from "./several.js";

const env = (url: string) => ({
  DATABASE_URL: url,
  DATA_DIR: temporaryFolder(),
  SECRET_KEY: "0123456789abcdef0123456789abcdef",
  LOG_LEVEL: "silent",
});

const IN_TRANSACTION = `SELECT 1 FROM pg_stat_activity
  WHERE datname = current_database() AND state = 'idle in transaction' AND state_change < clock_timestamp() - interval '100 ms'`;

test("a server that stands still in the middle of its writes holds up the others' for seconds, and they are done", async () => {
  const url = await postgresDatabase();
  const still = await program(url);
  const gateway = await boot({ env: env(url) });
  const { key } = still;
  const headers = { license: key, "content-type": "application/json" };
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const createThere = () =>
    fetch(`${still.address}/graphql`, {
      method: "POST",
      headers,
      signal: over.signal,
      body: JSON.stringify({ query: "mutation { createMeeting(input: {}) { __typename } }" }),
    }).catch(() => {});
  for (let tries = 0; ; tries += 1) {
    for (let nth = 0; nth < 40; nth += 1) void createThere();
    await sleep(20 + Math.random() * 20);
    still.child.kill("SIGSTOP");
    await sleep(150);
    if ((await askPostgres(url, IN_TRANSACTION)).length > 0) break;
    still.child.kill("SIGCONT");
    expect(tries).toBeLessThan(50);
  }
  onTestFinished(() => void still.child.kill("SIGKILL"));
  const begun = performance.now();
  await createMeeting(gateway, {}, { key });
  expect(performance.now() - begun).toBeLessThan(6_000);
});

test("the connection that writes is ended again and again while meetings are made: all of them are, each once", async () => {
  const url = await postgresDatabase();
  const gateway = await boot({ env: env(url) });
  const before = (await gateway.v1("list_meetings")).body.data.length;
  const over = new AbortController();
  const ending = (async () => {
    let ended = 0;
    while (!over.signal.aborted) {
      const rows = await askPostgres(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()`,
      );
      ended += rows.length;
      await sleep(100);
    }
    return ended;
  })();
  const line = async () => {
    for (let nth = 0; nth < 40; nth += 1) await createMeeting(gateway);
  };
  await Promise.all([line(), line(), line(), line()]);
  over.abort();
  expect(await ending).toBeGreaterThan(0);
  expect((await gateway.v1("list_meetings")).body.data).toHaveLength(before + 160);
});
