import Sqlite, { type Database } from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { LicenseId } from "../../src/storage/index.js";
import { applyMigrations } from "../../src/storage/sqlite/migrations.js";
import { openBeside } from "../helpers/beside.js";
import { ofFiles, temporaryFolder } from "../helpers/databases.js";
import { migrationsBefore } from "../helpers/migrations.js";
import { openTestStorage } from "../helpers/storage.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2025, 2, 1);
const NOW = BEGIN + 20 * DAY + 5 * HOUR;

/** Numbers that look random and are the same each time. */
function numbers(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Three weeks of two licenses: short sessions and long ones, some over midnight, failed ones, and some that run. */
function fill(db: Database, random: (below: number) => number): void {
  const license = db.prepare(`INSERT INTO licenses (id, name, key_hash, key_hint, expires_at, created_at, updated_at,
    general_settings) VALUES (?, 'x', ?, 'h', 1, 1, 1, '{}')`);
  const meeting = db.prepare(
    "INSERT INTO meetings (id, license_id, title_key, settings, created_at, updated_at) VALUES (?, ?, '', '{}', 1, 1)",
  );
  const session = db.prepare(`INSERT INTO sessions (id, license_id, meeting_id, status, moderator_name, settings,
    started_at, peak_present, engine) VALUES (?, ?, ?, 'RUNNING', 'm', '{}', ?, 0, 'e')`);
  const entry =
    db.prepare(`INSERT INTO attendances (id, license_id, session_id, full_name, full_name_key, role, joined_at)
    VALUES (?, ?, ?, '', '', 'VIEWER', ?)`);
  const end = db.prepare("UPDATE sessions SET ended_at = ?, status = ?, peak_present = ? WHERE id = ?");
  const peak = db.prepare("UPDATE sessions SET peak_present = ? WHERE id = ?");
  const recording = db.prepare(`INSERT INTO recordings (id, license_id, session_id, engine, engine_recording_id, status,
    is_published, duration_seconds, created_at, updated_at) VALUES (?, ?, ?, 'e', ?, 'PROCESSING', 1, NULL, ?, 1)`);
  const recorded = db.prepare("UPDATE recordings SET status = ?, duration_seconds = ?, deleted_at = ? WHERE id = ?");
  for (const id of ["a", "b"]) license.run(id, id);
  for (let n = 0; n < 160; n += 1) {
    const of = random(4) ? "a" : "b";
    const id = `${of}${n}`;
    // Some begin and end at a day's very first instant.
    const day = random(19) * DAY;
    const startedAt = BEGIN + ([day, day + DAY - random(7 * HOUR)][random(6)] ?? random(19 * DAY));
    const lasts = [random(HOUR), random(9 * HOUR), random(5 * DAY), 0, DAY, 6 * HOUR + random(3) - 1][random(6)] ?? 0;
    const endedAt = Math.min(startedAt + lasts, NOW);
    meeting.run(id, of);
    session.run(id, of, id, startedAt);
    const enter = (person: number) =>
      entry.run(`${id}-${person}`, of, id, startedAt + random(Math.max(1, endedAt - startedAt)));
    for (let person = random(4); person > 0; person -= 1) enter(person);
    if (random(12)) end.run(endedAt, random(9) ? "ENDED" : "FAILED", random(90), id);
    else peak.run(random(90), id);
    // Told late, by an engine elsewhere.
    if (!random(4)) enter(9);
    recording.run(id, of, id, id, startedAt + random(DAY));
    if (random(3)) recorded.run(random(5) ? "READY" : "FAILED", random(6) ? random(5_000) : null, null, id);
    if (!random(6)) recorded.run("READY", random(5_000), random(2) ? 1 : null, id);
  }
}

interface Stored {
  sessions: { id: string; status: string; startedAt: number; endedAt: number | null; peakPresent: number }[];
  attendances: { sessionId: string; joinedAt: number }[];
  recordings: { status: string; createdAt: number; seconds: number | null; deletedAt: number | null }[];
}

/** What is stored of this license, for whoever counts it by hand. */
function rowsOf(db: Database, license: string): Stored {
  const all = (text: string) => db.prepare(text).all(license) as never[];
  return {
    sessions: all(`SELECT id, status, started_at AS "startedAt", ended_at AS "endedAt", peak_present AS "peakPresent"
      FROM sessions WHERE license_id = ?`),
    attendances: all('SELECT session_id AS "sessionId", joined_at AS "joinedAt" FROM attendances WHERE license_id = ?'),
    recordings: all(`SELECT status, created_at AS "createdAt", duration_seconds AS seconds, deleted_at AS "deletedAt"
      FROM recordings WHERE license_id = ?`),
  };
}

const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);

/** From the rows alone, as it was told before there were days. */
function usedIn({ sessions, attendances, recordings }: Stored, from: number, until: number, last: number) {
  const isIn = (at: number) => at >= from && at < until;
  const counted = sessions.filter(
    ({ status, startedAt, endedAt }) =>
      startedAt < until && status !== "FAILED" && (startedAt >= from || endedAt === null || endedAt > from),
  );
  const ids = new Set(counted.map(({ id }) => id));
  const lasted = counted.map(({ startedAt, endedAt }) => Math.min(endedAt ?? last, last) - Math.max(startedAt, from));
  const ready = recordings.filter((one) => isIn(one.createdAt) && one.status === "READY" && one.deletedAt === null);
  return {
    sessionsStarted: counted.filter(({ startedAt }) => startedAt >= from).length,
    sessionMs: sum(lasted.map((ms) => Math.max(0, ms))),
    peakPresent: Math.max(0, ...counted.map(({ peakPresent }) => peakPresent)),
    attendances: attendances.filter(({ sessionId, joinedAt }) => ids.has(sessionId) && isIn(joinedAt)).length,
    recordedSeconds: sum(ready.map(({ seconds }) => seconds ?? 0)),
  };
}

async function filled(random: (below: number) => number) {
  const { storage, folder } = await openTestStorage();
  const db = openBeside({ folder });
  onTestFinished(() => void db.close());
  db.transaction(() => fill(db, random))();
  return { storage, db };
}

/** Bounds in the middle of days, at their first instants, and beyond all there is. */
function periodOf(random: (below: number) => number) {
  const bound = () =>
    [BEGIN + random(21 * DAY), BEGIN + random(22) * DAY, BEGIN + random(22) * DAY + random(3) - 1][random(3)] ?? 0;
  const from = random(9) ? bound() : -8_640_000_000_000_000;
  const until = random(9) ? bound() : 8_640_000_000_000_000;
  return from < until ? { from, until } : { from: until, until: from + 1 };
}

test.each([1, 2, 3, 4])("what is told of any period from whole days is what the rows tell (%i)", async (seed) => {
  const random = numbers(seed);
  const { storage, db } = await filled(random);
  const rows = { a: rowsOf(db, "a"), b: rowsOf(db, "b") };
  for (let times = 0; times < 300; times += 1) {
    const { from, until } = periodOf(random);
    const now = random(3) ? NOW : BEGIN + random(21 * DAY);
    const license = random(4) ? "a" : "b";
    const told = await storage.read.usage.total(
      license as LicenseId,
      { from: new Date(from), until: new Date(until) },
      new Date(now),
    );
    const expected = usedIn(rows[license], from, until, Math.min(until, now));
    expect([new Date(now), from, until, told]).toEqual([new Date(now), from, until, expected]);
  }
});

test("how many sessions and recordings there are is what counting them says, with and without a time and a status", async () => {
  const random = numbers(6);
  const { storage, db } = await filled(random);
  const pruned = db.prepare(
    "DELETE FROM sessions WHERE license_id = 'a' AND ended_at IS NOT NULL AND id NOT IN (SELECT session_id FROM attendances UNION SELECT session_id FROM recordings)",
  );
  const made = db
    .prepare<[], { id: string; createdAt: number }>('SELECT id, created_at AS "createdAt" FROM recordings')
    .all();
  for (const { id, createdAt } of made) {
    if (createdAt % 3 === 0) db.prepare("DELETE FROM recordings WHERE license_id = 'a' AND id = ?").run(id);
  }
  expect(pruned.run().changes).toBeGreaterThan(5);
  const rows = { a: rowsOf(db, "a"), b: rowsOf(db, "b") };
  const statuses = ["STARTING", "RUNNING", "ENDING", "ENDED", "FAILED"] as const;
  for (let times = 0; times < 300; times += 1) {
    const license = random(4) ? "a" : "b";
    const { from, until } = random(2) ? periodOf(random) : { from: null, until: null };
    const status = statuses.filter(() => random(3) === 0);
    const startedAt = from === null ? undefined : { from: new Date(from), until: new Date(until) };
    const told = await storage.read.sessions.count(
      { licenseId: license as LicenseId, meetingId: null },
      { startedAt, status },
    );
    const isIn = (at: number) => at >= (from ?? 0) && at < (until ?? 8e15);
    const wanted: readonly string[] = status.length > 0 ? status : statuses;
    const expected = rows[license].sessions.filter((one) => isIn(one.startedAt) && wanted.includes(one.status)).length;
    expect([license, from, until, status, told]).toEqual([license, from, until, status, expected]);
    const recordings = await storage.read.recordings.count(
      { licenseId: license as LicenseId, meetingId: null },
      { createdAt: startedAt },
    );
    const recorded = rows[license].recordings.filter((one) => isIn(one.createdAt) && one.deletedAt === null).length;
    expect([from, until, recordings]).toEqual([from, until, recorded]);
  }
});

const daysOf = (db: Database) => db.prepare("SELECT * FROM license_days ORDER BY license_id, day").all();

ofFiles("a database from before there were days gets the same ones that are kept from the start", () => {
  const [kept, grown] = [`${temporaryFolder()}/kept.sqlite`, `${temporaryFolder()}/grown.sqlite`];
  applyMigrations(kept);
  applyMigrations(grown, migrationsBefore("0005_license_days"));
  for (const path of [kept, grown]) {
    const db = new Sqlite(path);
    fill(db, numbers(5));
    db.close();
  }
  applyMigrations(grown);
  const [one, other] = [new Sqlite(kept), new Sqlite(grown)];
  expect(daysOf(one).length).toBeGreaterThan(30);
  // A day whose recordings were all taken back stays in the one and was never in the other.
  const isUsed = (day: unknown) => Object.values(day as object).some((value, at) => at > 1 && value !== 0);
  expect(daysOf(other).filter(isUsed)).toEqual(daysOf(one).filter(isUsed));
  for (const db of [one, other]) db.close();
});
