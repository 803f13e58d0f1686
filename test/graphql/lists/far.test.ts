import { Worker } from "node:worker_threads";
import { expect, test, vi } from "vitest";
import { boot, type Gateway, ofFiles } from "../../helpers/boot.js";
import { createMeeting, tenSettings } from "../../helpers/meetings.js";
import { quiet, watchStatements } from "../../helpers/rows.js";
import { openBeside } from "../../helpers/beside.js";

/** More than are looked through at once, here or in the thread. */
const MANY = 22_500;

/** A license with many meetings, of which the last hundred have a title; and what each list of them must give. */
async function furnished() {
  const gateway = await boot(quiet);
  await createMeeting(gateway, { title: "plain" });
  const database = openBeside(gateway);
  database.exec(`INSERT INTO meetings (id, license_id, title, title_key, settings, created_at, updated_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})
    SELECT printf('ffffffff-0000-7000-8000-%012d', i), license_id,
      CASE WHEN i % 250 = 0 THEN 'Needle ' || i ELSE 'plain' END, CASE WHEN i % 250 = 0 THEN 'needle ' || i ELSE 'plain' END,
      CASE WHEN i % 500 = 0 THEN '{"record":true}' ELSE '{}' END, created_at + i / 3, updated_at + i % 1000
    FROM n, (SELECT * FROM meetings) AS one;
    UPDATE licenses SET meeting_count = (SELECT count(*) FROM meetings WHERE license_id = licenses.id)`);
  database.close();
  return gateway;
}

type Page = { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string; startCursor: string } };

async function page(gateway: Gateway, args: string): Promise<Page & { totalCount: number }> {
  const { body } = await gateway.graphql(
    `{ meetings(${args}) { totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  );
  expect(body.errors).toBeUndefined();
  return body.data.meetings;
}

const orders = [
  ["CREATED_AT", "ASC", "created_at"],
  ["CREATED_AT", "DESC", "created_at DESC"],
  ["UPDATED_AT", "ASC", "updated_at"],
  ["TITLE", "DESC", "title_key DESC"],
];

test("meetings by a part of their title: page by page each once and in order, forwards and backwards", async () => {
  const gateway = await furnished();
  for (const [field, direction, sql] of orders) {
    const database = openBeside(gateway);
    const ids = database
      .prepare(`SELECT id FROM meetings WHERE title LIKE 'Needle%' ORDER BY ${sql}, id ${direction}`)
      .pluck()
      .all();
    database.close();
    const asked = `filter: { titleContains: "NEEDLE" }, orderBy: { field: ${field}, direction: ${direction} }`;
    const forwards: string[] = [];
    for (let after = "null", more = true; more; ) {
      const { nodes, pageInfo, totalCount } = await page(gateway, `first: 40, after: ${after}, ${asked}`);
      expect(totalCount).toBe(ids.length);
      forwards.push(...nodes.map(({ id }) => id));
      [after, more] = [`"${pageInfo.endCursor}"`, pageInfo.hasNextPage];
    }
    expect(forwards).toEqual(ids);
    const last = await page(gateway, `last: 30, ${asked}`);
    expect(last.nodes.map(({ id }) => id)).toEqual(ids.slice(-30));
    const before = await page(gateway, `last: 30, before: "${last.pageInfo.startCursor}", ${asked}`);
    expect(before.nodes.map(({ id }) => id)).toEqual(ids.slice(-60, -30));
    expect(before.pageInfo.hasNextPage).toBe(true);
  }
});

ofFiles(
  "what no index finds is looked for in a thread that begins when a license has many rows, and reads what is stored",
  async () => {
    const gateway = await furnished();
    const small = await gateway.license();
    await createMeeting(gateway, { title: "Needle" }, { key: small.key });
    const started = vi.spyOn(Worker.prototype, "postMessage");
    const asked = `filter: { settingsEnabled: [RECORD], titleContains: "needle" }`;
    const { body } = await gateway.graphql(`{ meetings(${asked}) { totalCount } }`, {}, { key: small.key });
    expect(body.data.meetings.totalCount).toBe(0);
    expect(started).not.toHaveBeenCalled();

    let longest = 0;
    const stop = watchStatements((_, rows) => (longest = Math.max(longest, rows)));
    expect((await page(gateway, `first: 60, ${asked}`)).nodes).toHaveLength(45);
    stop();
    expect(started).toHaveBeenCalledTimes(2);
    expect(longest).toBeLessThan(100);
    // A meeting made just now is found, too: the thread reads what was stored before it was asked.
    await gateway.v1("create_meeting/", {
      method: "POST",
      body: {
        title: "needle of now",
        meeting_setting: tenSettings(true),
      },
    });
    expect((await page(gateway, `first: 60, ${asked}`)).totalCount).toBe(46);
  },
);

ofFiles(
  "QUERY_TOO_SLOW: what takes too long is told so in the caller's language, and the next one is served",
  async () => {
    const gateway = await furnished();
    const asked = `{ meetings(filter: { titleContains: "needle" }, first: 60) { nodes { id } } }`;
    // As if its time had gone by while it waited.
    const late = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker, work: unknown) {
      late.mockRestore();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
      this.postMessage({ ...(work as object), within: 0 });
    });
    const { status, body } = await gateway.graphql(asked, {}, { language: "en" });
    expect([status, body.data]).toEqual([200, { meetings: null }]);
    expect(body.errors).toMatchObject([
      {
        message: "This filter would look through too much. Narrow it, for example by createdAt or startedAt.",
        path: ["meetings"],
        extensions: { code: "QUERY_TOO_SLOW" },
      },
    ]);
    expect((await gateway.graphql(asked)).body.data.meetings.nodes).toHaveLength(60);
  },
);

ofFiles(
  "a reading thread that dies is begun anew, and one license asks no more of it than twenty things at once",
  async () => {
    const gateway = await furnished();
    const asked = `{ meetings(filter: { titleContains: "needle" }, first: 60) { nodes { id } } }`;
    const killed = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker) {
      killed.mockRestore();
      void this.terminate();
    });
    const { status, body } = await gateway.graphql(asked);
    expect([status, body.errors[0].extensions.code]).toEqual([503, "SERVICE_UNAVAILABLE"]);
    const answers = await Promise.all(Array.from({ length: 22 }, () => gateway.graphql(asked)));
    const codes = answers.map(({ body: { errors } }) => errors?.[0].extensions.code);
    expect(codes.filter((code) => code === undefined)).toHaveLength(20);
    expect(codes.filter((code) => code === "SERVICE_UNAVAILABLE")).toHaveLength(2);
  },
);
