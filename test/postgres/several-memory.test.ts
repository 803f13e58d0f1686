import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { runTool } from "../cli/tool.js";
import { boot, type Gateway, temporaryFolder } from "../helpers/boot.js";
import { openDatabaseLine } from "../helpers/database-line.js";
import { createMeeting } from "../helpers/meetings.js";
import { postgresDatabase } from "../helpers/postgres.js";
import { bootSeveral } from "./several.js";

/** The second one hears from the database later than its callers come. */
async function withOneBehind() {
  const url = await postgresDatabase();
  const late = await openDatabaseLine(url, { lateMs: 30 });
  const { gateways } = await bootSeveral(2, { urls: [url, late.url], timings: { heartbeat: 200 } });
  const [one, other] = gateways as [Gateway, Gateway];
  await expect.poll(() => other.opened.services.neighbours.count).toBe(2);
  return { url, one, other };
}

test("what one server has answered, another knows with the very next call, also what it remembers otherwise", async () => {
  const { one, other } = await withOneBehind();
  for (let nth = 1; nth <= 5; nth += 1) {
    await other.v1("list_meetings");
    const meetingId = await createMeeting(one);
    const { data } = (await other.v1("list_meetings")).body;
    expect(data.map((row: { meeting_id: string }) => row.meeting_id)).toContain(meetingId);
    expect(data).toHaveLength(nth);
  }
});

test("a license that was revoked beside two servers is refused at each with the very next call, over v1, the graph and an open socket", async () => {
  const { url, one, other } = await withOneBehind();
  const { id, key } = await one.license();
  const statuses = async () => {
    const v1 = await Promise.all([one, other].map((gateway) => gateway.v1("list_meetings", { key })));
    const graph = await Promise.all(
      [one, other].map((gateway) => gateway.graphql("{ license { name } }", {}, { key })),
    );
    return [...v1, ...graph].map(({ status }) => status);
  };
  expect(await statuses()).toEqual([200, 200, 200, 200]);
  await runTool({ DATABASE_URL: url, DATA_DIR: temporaryFolder() }, ["license", "revoke", id]);
  expect(await statuses()).toEqual([401, 401, 401, 401]);
});

test("a server whose line for notices died without a word believes nothing it remembers three seconds later", async () => {
  const url = await postgresDatabase();
  const line = await openDatabaseLine(url);
  const gateway = await boot({ env: { DATABASE_URL: line.url, DATA_DIR: temporaryFolder(), LOG_LEVEL: "silent" } });
  const { id, key } = await gateway.license();
  const status = async () => (await gateway.v1("list_meetings", { key })).status;
  expect(await status()).toBe(200);
  line.deafen();
  await runTool({ DATABASE_URL: url, DATA_DIR: temporaryFolder() }, ["license", "revoke", id]);
  await sleep(3_100);
  expect(await status()).toBe(401);
});
