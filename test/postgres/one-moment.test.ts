import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/storage/postgres/open.js";
import { ask } from "../graphql/ask.js";
import { boot, temporaryFolder } from "../helpers/boot.js";
import { openDatabaseLine } from "../helpers/database-line.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import { askEverything } from "../storage/every-query.js";

/** A server whose reads take a while, and somebody who changes the same rows back and forth beside it. */
async function withWriter() {
  const url = await postgresDatabase();
  const line = await openDatabaseLine(url, { lateMs: 4 });
  const gateway = await boot({ env: { DATABASE_URL: line.url, DATA_DIR: temporaryFolder(), LOG_LEVEL: "silent" } });
  const writer = new Client(url);
  await writer.connect();
  const changing = async (there: string, back: string) => {
    const over = new AbortController();
    const round = async () => {
      while (!over.signal.aborted) {
        await writer.query(there);
        await writer.query(back);
      }
      await writer.end();
    };
    const all = round();
    onTestFinished(() => over.abort());
    return async () => {
      over.abort();
      await all;
    };
  };
  return { gateway, changing };
}

const ROUNDS = 60;

test("of an answer that takes several reads the parts don't contradict one another: a session that ends meanwhile", async () => {
  const { gateway, changing } = await withWriter();
  const meetingId = await createMeeting(gateway);
  const sessionId = sessionOf(await startMeeting(gateway, meetingId));
  const stop = await changing(
    `UPDATE sessions SET status = 'ENDED', ended_at = now() WHERE id = '${sessionId}'`,
    `UPDATE sessions SET status = 'RUNNING', ended_at = NULL WHERE id = '${sessionId}'`,
  );
  const query = `query One($id: ID!) {
    meeting(id: $id) { isRunning currentSession { id endedAt } sessions { nodes { endedAt meeting { isRunning } } } }
    meetings(filter: { isRunning: true }) { totalCount nodes { id } }
  }`;
  const seen = new Set<boolean>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { meeting, meetings } = await ask(gateway, query, { id: meetingId });
    const { isRunning } = meeting;
    seen.add(isRunning);
    expect({ ...meeting, meetings }).toEqual({
      isRunning,
      currentSession: isRunning ? { id: sessionId, endedAt: null } : null,
      sessions: { nodes: [{ endedAt: isRunning ? null : expect.any(String), meeting: { isRunning } }] },
      meetings: { totalCount: isRunning ? 1 : 0, nodes: isRunning ? [{ id: meetingId }] : [] },
    });
  }
  await stop();
  expect(seen.size).toBe(2);
});

test("likewise how many rows there are, and the rows", async () => {
  const { gateway, changing } = await withWriter();
  for (let nth = 0; nth < 3; nth += 1) await createMeeting(gateway);
  const stop = await changing(
    `WITH gone AS (UPDATE meetings SET deleted_at = now() RETURNING license_id)
      UPDATE licenses SET meeting_count = 0 WHERE id IN (SELECT license_id FROM gone)`,
    `WITH back AS (UPDATE meetings SET deleted_at = NULL RETURNING license_id)
      UPDATE licenses SET meeting_count = 3 WHERE id IN (SELECT license_id FROM back)`,
  );
  const query = `{ license { meetingRooms { used } } meetings { totalCount nodes { title } }
    resting: meetings(filter: { isRunning: false }) { totalCount } }`;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { license, meetings, resting } = await ask(gateway, query);
    const { length } = meetings.nodes;
    expect([license.meetingRooms.used, meetings.totalCount, resting.totalCount]).toEqual([length, length, length]);
  }
  await stop();
});

test("one read that takes too long is told so, and those beside it are answered", async () => {
  const url = await postgresDatabase();
  const storage = await openPostgres({ url, reads: { connections: 2, statementMs: 200 } });
  onTestFinished(() => storage.close());
  const blocker = new Client(url);
  await blocker.connect();
  await blocker.query("BEGIN; LOCK TABLE licenses IN ACCESS EXCLUSIVE MODE");
  const read = storage.moment();
  const [slow, quick] = await Promise.allSettled([read.licenses.list(), read.engines.list()]);
  expect([slow.status, (slow as PromiseRejectedResult).reason?.name]).toEqual(["rejected", "QueryTooSlow"]);
  expect(quick).toEqual({ status: "fulfilled", value: [] });
  await blocker.query("ROLLBACK");
  expect(await read.licenses.list()).toEqual([]);
  await blocker.end();
});

test("a connection that breaks while a moment is held between two reads takes only that moment along, and no server", async () => {
  const url = await postgresDatabase();
  const storage = await openPostgres({ url });
  onTestFinished(() => storage.close());
  const snapshot = await storage.snapshot("a slow reader");
  expect(await snapshot.read.engines.list()).toEqual([]);
  const operation = storage.moment();
  const asked = operation.engines.list();
  await askPostgres(
    url,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await Promise.allSettled([asked]);
  await expect(snapshot.read.engines.list()).rejects.toThrow("the database can't take this now");
  snapshot.end();
  await expect.poll(() => storage.read.engines.list().catch(() => "away")).toEqual([]);
  expect(await operation.engines.list()).toEqual([]);
  const next = await storage.snapshot("a slow reader");
  expect(await next.read.engines.list()).toEqual([]);
  next.end();
});

/** Statements that a connection was asked to run outside of a transaction. */
function outside() {
  const texts: string[] = [];
  const isInside = new Map<object, boolean>();
  const hear = (line: object, data: Buffer) => {
    for (let at = 0; at + 5 <= data.length; at += 1 + data.readUInt32BE(at + 1)) {
      const type = String.fromCharCode(data[at] as number);
      const text = data.toString("latin1", at + 5, at + 1 + data.readUInt32BE(at + 1));
      if (type === "Q" && text.startsWith("BEGIN")) isInside.set(line, true);
      if (type === "Q" && text.startsWith("COMMIT")) isInside.set(line, false);
      if (type === "B" && !isInside.get(line)) texts.push(text);
    }
  };
  return { texts, hear };
}

test("no query of a moment runs a statement outside of it", async () => {
  const url = await postgresDatabase();
  const { texts, hear } = outside();
  const line = await openDatabaseLine(url, { heard: hear });
  const storage = await openPostgres({ url: line.url });
  onTestFinished(() => storage.close());
  const asked: [string, string, unknown[]][] = [];
  type Groups = Record<string, Record<string, (...args: unknown[]) => unknown>>;
  await storage.transaction((tx) => {
    const noting = Object.entries(tx as unknown as Groups).map(([name, group]) => [
      name,
      Object.fromEntries(
        Object.entries(group).map(([query, run]) => [
          query,
          (...args: unknown[]) => {
            asked.push([name, query, args]);
            return run(...args);
          },
        ]),
      ),
    ]);
    return askEverything(Object.fromEntries(noting), 2);
  });
  expect(asked.length).toBeGreaterThan(100);
  texts.length = 0;
  const escaped: string[] = [];
  for (const [name, query, args] of asked) {
    const read = storage.moment() as unknown as Groups;
    // What would write is refused there.
    await Promise.resolve(read[name]?.[query]?.(...args)).catch(() => {});
    if (texts.splice(0).length > 0) escaped.push(`${name}.${query}`);
  }
  // Those are none of an operation's reads: their second statement goes on from the first one's answer.
  expect([...new Set(escaped)]).toEqual(["events.stepAfter", "forgetting.events"]);
});
