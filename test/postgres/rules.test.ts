import { expect, onTestFinished, test } from "vitest";
import { type LicenseId, openStorage, type Queries, type Session, type Storage } from "../../src/storage/index.js";
import { LOCKS } from "../../src/storage/postgres/locks.js";
import { openPostgres } from "../../src/storage/postgres/open.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import Sqlite from "better-sqlite3";
import { temporaryFolder } from "../helpers/boot.js";

const at = new Date("2026-01-02T03:04:05.678Z");
const licenseId = "license" as LicenseId;

async function opened(url: string): Promise<Storage> {
  const storage = await openPostgres({ url });
  onTestFinished(() => storage.close());
  return storage;
}

const times = { createdAt: at, updatedAt: at };
const meetingOf = (id: string) => ({ id, licenseId, titleKey: id, settings: {}, ...times });

/** Two processes on one database, with a license and a meeting. */
async function twoProcesses(limits: { maxMeetings?: number; maxRunning?: number } = {}) {
  const url = await postgresDatabase();
  const [one, other] = [await opened(url), await opened(url)];
  await one.transaction(async (tx) => {
    const license = { id: licenseId, name: "n", keyHash: "k", keyHint: "h", expiresAt: at, generalSettings: {} };
    await tx.licenses.insert({ ...license, ...times, ...limits });
    await tx.meetings.insert(meetingOf("meeting"));
  });
  const both = <T>(work: (tx: Queries, index: number) => Promise<T>, each = 12) =>
    Promise.allSettled(
      Array.from({ length: 2 * each }, (_, index) => (index % 2 ? one : other).transaction((tx) => work(tx, index))),
    );
  return { url, one, other, both };
}

test("limits hold under simultaneous calls of different processes, and the count comes out right", async () => {
  const { url, both } = await twoProcesses({ maxMeetings: 5 });
  const made = await both(async (tx, index) => {
    await tx.licenses.claimMeeting(licenseId, () => new Error("all are taken"));
    await tx.meetings.insert(meetingOf(`m${index}`));
  });
  const refused = made.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
  expect(refused).toEqual(Array.from({ length: 19 }, () => "Error: all are taken"));
  expect(await askPostgres(url, "SELECT meeting_count::integer AS count FROM licenses")).toEqual([{ count: 5 }]);
});

test("a meeting has one open session, whoever opens it, and the call sent twice is remembered once", async () => {
  const { url, both } = await twoProcesses({ maxRunning: 3 });
  const found = await both(async (tx, index) => {
    const known = await tx.idempotency.find(licenseId, "key");
    if (known) return known.sessionId;
    await tx.licenses.claimRunning(licenseId, () => new Error("the count of running sessions is wrong"));
    const session = { licenseId, meetingId: "meeting", settings: {}, moderatorName: "m", startedAt: at, engine: "e" };
    const inserted = await tx.sessions.insert({ ...session, id: `s${index}`, status: "RUNNING" });
    const call = { licenseId, key: "key", operation: "START_MEETING", inputHash: "h", createdAt: at } as const;
    await tx.idempotency.put({ ...call, sessionId: inserted.id, expiresAt: at });
    return inserted.id;
  });
  const sessions = found.map((each) => (each.status === "fulfilled" ? each.value : String(each.reason)));
  const open = await askPostgres(url, "SELECT sessions.id, running_count::integer AS count FROM sessions, licenses");
  expect(open).toEqual([{ id: sessions[0], count: 1 }]);
  expect(new Set(sessions).size).toBe(1);
});

test("what a work has read is still so when it is stored: of a start and a deletion at once, one sees the other", async () => {
  const { one, other } = await twoProcesses();
  const reach = { licenseId, meetingId: null };
  for (let round = 0; round < 12; round += 1) {
    const id = `round ${round}`;
    await one.transaction((tx) => tx.meetings.insert(meetingOf(id)));
    const start = one.transaction(async (tx) => {
      if (!(await tx.meetings.find(reach, id))) return false;
      const session = { licenseId, meetingId: id, settings: {}, moderatorName: "m", startedAt: at, engine: "e" };
      await tx.sessions.insert({ ...session, id, status: "RUNNING" });
      return true;
    });
    const remove = other.transaction(async (tx) => {
      if (await tx.sessions.findOpen(reach, id)) return false;
      await tx.meetings.markDeleted(licenseId, id, at);
      return true;
    });
    expect((await Promise.all([start, remove])).filter(Boolean)).toHaveLength(1);
  }
});

test("a work that is refused leaves nothing, its neighbours in the same transaction are stored, and a faulty one is no fault of theirs", async () => {
  const { one, url } = await twoProcesses();
  const outcomes = await Promise.allSettled([
    one.transaction((tx) => tx.meetings.insert(meetingOf("a"))),
    one.transaction(async (tx) => {
      await tx.meetings.insert(meetingOf("refused"));
      throw new Error("refused");
    }),
    one.transaction((tx) => tx.meetings.insert(meetingOf("meeting"))),
    one.transaction((tx) => tx.meetings.insert(meetingOf("b"))),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  const stored = await askPostgres(url, "SELECT id FROM meetings ORDER BY id");
  expect(stored.map(({ id }) => id)).toEqual(["a", "b", "meeting"]);
});

function gateOf() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

test("events are numbered in the order in which they are committed, so that who reads on passes none over", async () => {
  const { url, one, other } = await twoProcesses();
  const append = (tx: Queries, id: string) =>
    tx.events.append({ id, licenseId, type: "t", occurredAt: at, door: "CLI", facts: {} });
  const gate = gateOf();
  const written = gateOf();
  const first = one.transaction(async (tx) => {
    await append(tx, "first");
    written.open();
    await gate.passed;
  });
  await written.passed;
  const second = other.transaction((tx) => append(tx, "second"));
  const waiting = `SELECT 1 FROM pg_locks WHERE classid = ${LOCKS.events[0]} AND objid = ${LOCKS.events[1]} AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await expect.poll(() => askPostgres(url, waiting)).toHaveLength(1);
  gate.open();
  await Promise.all([first, second]);
  const events = await askPostgres(url, "SELECT id FROM events ORDER BY seq");
  expect(events.map(({ id }) => id)).toEqual(["first", "second"]);
});

const DAY = 24 * 60 * 60 * 1000;
const later = (days: number) => new Date(at.getTime() + days * DAY);

/** Sessions over midnight, one that failed, one that is forgotten; people who came late, and recordings that come and go. */
async function liveAWhile({ transaction }: Storage): Promise<void> {
  const session = { licenseId, meetingId: "meeting", settings: {}, moderatorName: "m", engine: "e" };
  await transaction(async (tx) => {
    const license = { id: licenseId, name: "n", keyHash: "k", keyHint: "h", expiresAt: at, generalSettings: {} };
    await tx.licenses.insert({ ...license, ...times });
    await tx.meetings.insert(meetingOf("meeting"));
    for (const [index, days] of [0, 1, 1.5, 3].entries()) {
      const id = `s${index}`;
      const starting = await tx.sessions.insert({ ...session, id, status: "STARTING", startedAt: later(days) });
      if (index === 1) {
        await tx.sessions.settleFailed(id, "x", later(days), "ENGINE");
        continue;
      }
      const room = { emptySince: later(days), engineRoomId: null };
      const running = await tx.sessions.settleRunning(starting, room, () => new Error("no"));
      // What is not read back is what would be.
      expect(running).toEqual(await tx.sessions.lock(id));
      const person = { licenseId, sessionId: id, fullName: "f", fullNameKey: "f", role: "VIEWER" } as const;
      await tx.attendances.enter({ ...person, id: `early ${id}`, joinedAt: later(days + 0.1) });
      await tx.sessions.notePresent(id, index + 1);
      const ending = (await tx.sessions.claimEnd(id)) as Session;
      expect(await tx.sessions.settleEnded(ending, later(days + 0.7), "API")).toEqual(await tx.sessions.lock(id));
      await tx.attendances.enter({ ...person, id: `late ${id}`, joinedAt: later(days + 0.6) });
      const known = { leftAt: null, seconds: 0 };
      await tx.attendances.settle({ ...person, ...known, id: `late ${id}`, joinedAt: later(days - 1) });
      const recording = {
        licenseId,
        sessionId: id,
        engine: "e",
        engineRecordingId: id,
        isPublished: true,
        durationSeconds: 90,
      };
      const noted = { ...recording, id: `r ${id}`, createdAt: later(days), updatedAt: later(days) };
      await tx.recordings.note({ ...noted, status: "PROCESSING" });
      await tx.recordings.note({ ...noted, status: "READY" });
    }
    await tx.recordings.markDeleted("r s2", later(4));
    await tx.forgetting.sessions(licenseId, later(1), 50);
  });
}

test("what a license used is counted by the day as on SQLite, whatever comes late, is deleted or forgotten", async () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  const onFile = openStorage({ path, exclusive: true, busyMs: 100 });
  onTestFinished(() => onFile.close());
  const url = await postgresDatabase();
  const onServer = await opened(url);
  for (const storage of [onFile, onServer]) await liveAWhile(storage);
  const file = new Sqlite(path, { readonly: true });
  const days = file.prepare("SELECT * FROM license_days ORDER BY day").all() as Record<string, unknown>[];
  file.close();
  expect(days.length).toBeGreaterThan(3);
  const counted = await askPostgres(
    url,
    "SELECT to_jsonb(days) || jsonb_build_object('day', extract(epoch from day) * 1000) AS day FROM license_days AS days ORDER BY days.day",
  );
  expect(counted.map(({ day }) => day)).toEqual(days);
  for (const until of [later(1), later(2), later(10)]) {
    const period = { from: later(-10), until };
    const [ofFile, ofServer] = [onFile, onServer].map((storage) =>
      storage.read.usage.total(licenseId, period, later(10)),
    );
    expect(await ofServer).toEqual(await ofFile);
  }
});
