import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { migratePostgres } from "../../src/storage/postgres/migrations.js";
import { runTool } from "../cli/tool.js";
import { boot, type Gateway, temporaryFolder } from "../helpers/boot.js";
import { createMeeting, startMeeting, tenSettings } from "../helpers/meetings.js";
import { askPostgres, postgresPair } from "../helpers/postgres.js";
import { openRelay } from "../helpers/relay.js";

/** A primary whose commits wait for its standby, and a gateway that knows both by one name. */
async function behindOneName() {
  const { primary, standby } = await postgresPair();
  let current = primary;
  const relay = await openRelay(() => current.url.replace("postgres:", "http:"));
  const url = relay.url.replace("http:", "postgres://postgres@").replace("@//", "@").concat("/postgres");
  await migratePostgres(url);
  const gateway = await boot({ env: { DATABASE_URL: url, DATA_DIR: temporaryFolder(), LOG_LEVEL: "trace" } });
  return {
    gateway,
    url,
    primary,
    standby,
    /** What the name leads to from now on. */
    lead(to: typeof primary) {
      current = to;
      relay.cut();
      relay.mend();
    },
  };
}

/** Creates meetings, a few at a time, until it is told to stop; what each was answered. */
function creating(gateway: Gateway) {
  const answers: { status: number; id: string; retryAfter: string | null }[] = [];
  const over = new AbortController();
  const create = async () => {
    const { status, body, headers } = await gateway.v1("create_meeting", {
      method: "POST",
      body: { meeting_setting: tenSettings() },
    });
    answers.push({ status, id: body.data?.meeting_id ?? "", retryAfter: headers.get("retry-after") });
  };
  const one = async () => {
    while (!over.signal.aborted) {
      await create();
      await sleep(20);
    }
  };
  const all = Promise.all([one(), one(), one(), one()]);
  const stop = async () => {
    over.abort();
    await all;
    return answers;
  };
  return { answers, stop };
}

test("the primary dies while meetings are made: 503 with Retry-After until the standby is promoted, then on by itself; what was acknowledged is there, and nothing else", async () => {
  const { gateway, primary, standby, lead } = await behindOneName();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const person = gateway.socket();
  await person.enter(link);
  const { answers, stop } = creating(gateway);
  await expect.poll(() => answers.length, { timeout: 30_000 }).toBeGreaterThan(20);
  await primary.kill();
  await expect.poll(() => answers.at(-1)?.status, { timeout: 10_000 }).toBe(503);
  expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(503);

  // It is a replica still: it could be read, and takes no write.
  lead(standby);
  await sleep(300);
  expect(answers.at(-1)?.status).toBe(503);
  const tool = await runTool({ DATABASE_URL: standby.url, DATA_DIR: gateway.folder }, ["license", "list"]);
  expect(tool.stderr).toContain("see DATABASE_URL: it is a replica, which takes no write: name the primary");
  await askPostgres(standby.url, "ALTER SYSTEM SET synchronous_standby_names = ''");
  await askPostgres(standby.url, "SELECT pg_promote()");
  await expect.poll(() => answers.at(-1)?.status, { timeout: 20_000 }).toBe(201);
  const all = await stop();
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201, 503]));
  for (const { status, retryAfter } of all) expect(retryAfter !== null).toBe(status === 503);

  const made = all.filter(({ status }) => status === 201).map(({ id }) => id);
  const { data } = (await gateway.v1("list_meetings")).body;
  const stored = data.map((row: { meeting_id: string }) => row.meeting_id);
  expect(stored.toSorted()).toEqual([...made, stored[0]].toSorted());
  const [count] = await askPostgres<{ n: number }>(
    standby.url,
    "SELECT max(meeting_count)::integer AS n FROM licenses",
  );
  expect(count?.n).toBe(stored.length);
  await expect.poll(async () => (await fetch(`${gateway.url}/health/ready`)).status, { timeout: 10_000 }).toBe(200);
  // Nobody was sent out, and the room goes on.
  expect((await gateway.socket().enter(link)).type).toBe("entered");
});
