import { createHash } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { settingList } from "#gateway/domain/settings.js";
import { applyMigrations, readJournal } from "#gateway/storage/sqlite/migrations.js";

/** The license that grows, and one that stands beside it and stays small. */
export const keys = { big: "vc_growth-big", small: "vc_growth-small" };

const SMALL = 10;
/** Sessions that run at the end. */
const RUNNING = 200;
const SESSIONS = 2;
const PEOPLE = 5;
/** One of so many. */
const FAILED_OF = 1_000;
const RECORDED_OF = 20;
const RARE_OF = 20_000;

const YEAR_MS = 365 * 24 * 3_600_000;
/** Everything happened in these years. */
const BEGIN = Date.UTC(2023, 0, 1);
const END = BEGIN + 3 * YEAR_MS;

/** Ids that grow as they are made, as the gateway's own: kind, license and number. */
const idOf = (kind: number, license: string, number: string) =>
  `printf('01900000-%04x-7%03x-8000-%012x', ${kind}, ${license}, ${number})`;

const numbers = (until: string) =>
  `WITH RECURSIVE at(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM at WHERE n + 1 < ${until})`;

interface Shape {
  license: number;
  licenseId: string;
  meetings: number;
}

function insertLicense(db: Database, { license, licenseId, meetings }: Shape, key: string): void {
  db.prepare(`INSERT INTO licenses (id, name, key_hash, key_hint, expires_at, created_at, updated_at, general_settings,
    meeting_count, running_count) VALUES (?, ?, ?, ?, ?, ?, ?, '{}', ?, ?)`).run(
    licenseId,
    `growth ${license}`,
    createHash("sha256").update(key).digest("hex"),
    key.slice(-4),
    Date.UTC(2099, 0, 1),
    BEGIN,
    BEGIN,
    meetings,
    Math.min(RUNNING, meetings),
  );
}

/** One after the other in time; the last ones run, some have failed, and no meeting has two at once. */
function rowsOf({ license, licenseId, meetings }: Shape): Record<string, string> {
  const own = String(license);
  const sessions = meetings * SESSIONS;
  const step = Math.floor((END - BEGIN) / sessions);
  const startedAt = (n: string) => `${BEGIN} + ${n} * ${step}`;
  const runs = (n: string) => `${n} >= ${sessions - Math.min(RUNNING, meetings)}`;
  const failed = (n: string) => `${n} % ${FAILED_OF} = 7`;
  const settings = JSON.stringify(Object.fromEntries(settingList.map(({ name }, index) => [name, index % 3 === 0])));
  const rare = settings.replaceAll("false", "true");
  const session = `(n / ${PEOPLE})`;
  const joinedAt = `${startedAt(session)} + n % ${PEOPLE} * 60000`;
  const ofSession = `'${licenseId}', ${idOf(2, own, session)}`;
  return {
    meetings: `${numbers(String(meetings))} INSERT INTO meetings SELECT ${idOf(1, own, "n")}, '${licenseId}',
      'Lesson ' || n || iif(n % ${RARE_OF} = 11, ' zebra', ''), 'lesson ' || n || iif(n % ${RARE_OF} = 11, ' zebra', ''),
      'pass', 'Welcome!', iif(n % ${RARE_OF} = 11, '${rare}', '${settings}'), ${startedAt("n * 2")}, ${startedAt("n * 2")}, NULL FROM at`,
    sessions: `${numbers(String(sessions))} INSERT INTO sessions SELECT ${idOf(2, own, "n")}, '${licenseId}',
      ${idOf(1, own, `n % ${meetings}`)}, iif(${runs("n")}, 'RUNNING', iif(${failed("n")}, 'FAILED', 'ENDED')), NULL,
      'Lesson', NULL, NULL, 'Mona', NULL, '{}', ${startedAt("n")}, iif(${runs("n")}, NULL, ${startedAt("n")} + 2700000),
      iif(${runs("n")}, NULL, 'API'), ${PEOPLE}, 'builtin', NULL, NULL, NULL, NULL, NULL FROM at`,
    attendances: `${numbers(String(sessions * PEOPLE))} INSERT INTO attendances SELECT ${idOf(3, own, "n")}, ${ofSession},
      'Guest ' || n, 'guest ' || n, 'VIEWER', ${joinedAt}, iif(${runs(session)}, NULL, ${joinedAt} + 1800000), 1800, NULL FROM at`,
    messages: `${numbers(String(sessions))} INSERT INTO messages SELECT ${idOf(7, own, "n")}, '${licenseId}',
      ${idOf(2, own, "n")}, ${idOf(3, own, `n * ${PEOPLE}`)}, 'hello ' || n, NULL, ${startedAt("n")} + 60000 FROM at`,
    stays: `${numbers(String(sessions * PEOPLE))} INSERT INTO stays SELECT ${idOf(4, own, "n")}, ${idOf(3, own, "n")},
      ${idOf(2, own, session)}, ${joinedAt}, iif(${runs(session)}, NULL, ${joinedAt} + 1800000), 'LIVE', 'gone', NULL, NULL FROM at`,
    recordings: `${numbers(String(Math.ceil(sessions / RECORDED_OF)))} INSERT INTO recordings SELECT ${idOf(5, own, "n")},
      '${licenseId}', ${idOf(2, own, `n * ${RECORDED_OF}`)}, 'builtin', ${license} || '-' || n, 'READY', n % 2, 'https://play.example.com/' || n, 2700,
      ${startedAt(`n * ${RECORDED_OF}`)} + 2800000, ${startedAt(`n * ${RECORDED_OF}`)} + 2800000, NULL, 5000000, '[]', NULL, NULL, 0 FROM at`,
    awaited_recordings: `${numbers(String(Math.ceil(sessions / RECORDED_OF)))} INSERT INTO awaited_recordings
      SELECT ${idOf(2, own, `n * ${RECORDED_OF}`)}, 'builtin', ${startedAt(`n * ${RECORDED_OF}`)} + 2800000, ${startedAt(`n * ${RECORDED_OF}`)} FROM at`,
    // Made, and four a session.
    events: `${numbers(String(meetings + sessions * 4))} INSERT INTO events SELECT NULL, ${idOf(6, own, "n")}, '${licenseId}',
      iif(n < ${meetings}, 'meeting.created', iif(n % 2, 'session.started', 'session.ended')),
      ${idOf(1, own, `n % ${meetings}`)}, NULL, NULL, NULL, ${startedAt("n / 5")}, 'V1', NULL, NULL, '{}' FROM at`,
  };
}

/** Rows first, indexes after them: sorted once, each is built in a fraction of the time. */
function indexLater(db: Database): () => void {
  const made = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of made) db.exec(`DROP INDEX ${name}`);
  return () => {
    for (const { sql } of made) db.exec(sql);
  };
}

/** Inserts directly: it would take hours through the gateway. A file of the same size and tables is taken as it is. */
export function seedGrowth(folder: string, meetings: number, say: (line: string) => void): string {
  const version = readJournal().entries.at(-1)?.tag ?? "";
  const path = `${folder}/growth-${version}-${meetings}.sqlite`;
  if (existsSync(path)) return path;
  const partial = `${path}.partial`;
  applyMigrations(partial);
  const db = new Sqlite(partial);
  db.pragma("journal_mode = OFF");
  db.pragma("synchronous = OFF");
  db.pragma("foreign_keys = OFF");
  db.pragma("cache_size = -1000000");
  db.transaction(() => {
    const finish = indexLater(db);
    for (const [license, key] of [keys.big, keys.small].entries()) {
      const shape = { license, licenseId: `growth-${license}`, meetings: license === 0 ? meetings : SMALL };
      insertLicense(db, shape, key);
      for (const [table, sql] of Object.entries(rowsOf(shape))) {
        say(`${meetings} meetings: ${table} of license ${license}`);
        db.exec(sql);
      }
    }
    say(`${meetings} meetings: indexes`);
    finish();
  })();
  db.close();
  renameSync(partial, path);
  return path;
}
