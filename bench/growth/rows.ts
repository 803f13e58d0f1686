import { createHash } from "node:crypto";
import { settingList } from "#gateway/domain/settings.js";

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

export interface Shape {
  license: number;
  licenseId: string;
  meetings: number;
}

/** The one that grows to so many meetings, and the small one. */
export const shapes = (meetings: number): readonly Shape[] =>
  [meetings, SMALL].map((count, license) => ({ license, licenseId: `growth-${license}`, meetings: count }));

/** How each database says it, where they differ. */
export interface Dialect {
  /** Rows `at`, with numbers `n` from 0 on, so many. */
  numbers: (count: number) => string;
  /** Ids that grow as they are made, as the gateway's own: kind, license and number. */
  id: (kind: number, license: number, number: string) => string;
  /** @param ms milliseconds since 1970 */
  instant: (ms: string) => string;
  flag: (number: string) => string;
  json: (text: string) => string;
  /** Of the events' counter. */
  next: string;
}

const either = (condition: string, one: string, other: string) =>
  `CASE WHEN ${condition} THEN ${one} ELSE ${other} END`;

export function licenseOf({ license, licenseId, meetings }: Shape, { instant, json }: Dialect): string {
  const key = license === 0 ? keys.big : keys.small;
  const hash = createHash("sha256").update(key).digest("hex");
  const [begin, end] = [instant(String(BEGIN)), instant(String(Date.UTC(2099, 0, 1)))];
  return `INSERT INTO licenses (id, name, key_hash, key_hint, expires_at, created_at, updated_at, general_settings,
    meeting_count, running_count) VALUES ('${licenseId}', 'growth ${license}', '${hash}', '${key.slice(-4)}', ${end}, ${begin},
    ${begin}, ${json("'{}'")}, ${meetings}, ${Math.min(RUNNING, meetings)})`;
}

/** What the rows of a license are made of. */
function partsOf({ license, meetings }: Shape, dialect: Dialect) {
  const sessions = meetings * SESSIONS;
  const step = Math.floor((END - BEGIN) / sessions);
  const startMs = (n: string) => `${BEGIN} + ${n} * ${step}`;
  return {
    sessions,
    startMs,
    idOf: (kind: number, number: string) => dialect.id(kind, license, number),
    startedAt: (n: string, later = 0) => dialect.instant(`${startMs(n)} + ${later}`),
    /** The last ones. */
    runs: (n: string) => `${n} >= ${sessions - Math.min(RUNNING, meetings)}`,
    into: (table: string, count: number, values: string) =>
      `INSERT INTO ${table} ${dialect.numbers(count)} SELECT ${values} FROM at`,
  };
}

/** One after the other in time; some have failed, and no meeting has two at once. */
function meetingsOf(shape: Shape, dialect: Dialect): Record<string, string> {
  const { meetings, licenseId } = shape;
  const { json } = dialect;
  const { sessions, idOf, startedAt, runs, into } = partsOf(shape, dialect);
  const settings = JSON.stringify(Object.fromEntries(settingList.map(({ name }, index) => [name, index % 3 === 0])));
  const rare = settings.replaceAll("false", "true");
  const isRare = `n % ${RARE_OF} = 11`;
  const ofNone = json("'{}'");
  return {
    meetings: into(
      "meetings",
      meetings,
      `${idOf(1, "n")}, '${licenseId}', 'Lesson ' || n || ${either(isRare, "' zebra'", "''")},
      'lesson ' || n || ${either(isRare, "' zebra'", "''")}, 'pass', 'Welcome!',
      ${json(either(isRare, `'${rare}'`, `'${settings}'`))}, ${startedAt("n * 2")}, ${startedAt("n * 2")}, NULL`,
    ),
    sessions: into(
      "sessions",
      sessions,
      `${idOf(2, "n")}, '${licenseId}', ${idOf(1, `n % ${meetings}`)},
      ${either(runs("n"), "'RUNNING'", either(`n % ${FAILED_OF} = 7`, "'FAILED'", "'ENDED'"))}, NULL, 'Lesson', NULL, NULL,
      'Mona', NULL, ${ofNone}, ${startedAt("n")}, ${either(runs("n"), "NULL", startedAt("n", 2_700_000))},
      ${either(runs("n"), "NULL", "'API'")}, ${PEOPLE}, 'builtin', NULL, NULL, NULL, NULL, NULL`,
    ),
    // Made, and four a session.
    events: into(
      "events",
      meetings + sessions * 4,
      `${dialect.next}, ${idOf(6, "n")}, '${licenseId}',
      ${either(`n < ${meetings}`, "'meeting.created'", either("n % 2 = 1", "'session.started'", "'session.ended'"))},
      ${idOf(1, `n % ${meetings}`)}, NULL, NULL, NULL, ${startedAt("n / 5")}, 'V1', NULL, NULL, ${ofNone}`,
    ),
  };
}

function peopleOf(shape: Shape, dialect: Dialect): Record<string, string> {
  const { sessions, idOf, startMs, startedAt, runs, into } = partsOf(shape, dialect);
  const session = `(n / ${PEOPLE})`;
  const joinMs = `${startMs(session)} + n % ${PEOPLE} * 60000`;
  const joinedAt = dialect.instant(joinMs);
  const leftAt = either(runs(session), "NULL", dialect.instant(`${joinMs} + 1800000`));
  return {
    attendances: into(
      "attendances",
      sessions * PEOPLE,
      `${idOf(3, "n")}, '${shape.licenseId}', ${idOf(2, session)}, 'Guest ' || n, 'guest ' || n, 'VIEWER', ${joinedAt},
      ${leftAt}, 1800, NULL`,
    ),
    messages: into(
      "messages",
      sessions,
      `${idOf(7, "n")}, '${shape.licenseId}', ${idOf(2, "n")}, ${idOf(3, `n * ${PEOPLE}`)}, 'hello ' || n, NULL,
      ${startedAt("n", 60_000)}`,
    ),
    stays: into(
      "stays",
      sessions * PEOPLE,
      `${idOf(4, "n")}, ${idOf(3, "n")}, ${idOf(2, session)}, ${joinedAt}, ${leftAt}, 'LIVE', 'gone', NULL, NULL`,
    ),
  };
}

function recordingsOf(shape: Shape, dialect: Dialect): Record<string, string> {
  const { flag, json } = dialect;
  const { sessions, idOf, startedAt, into } = partsOf(shape, dialect);
  const recorded = Math.ceil(sessions / RECORDED_OF);
  const recordedAt = startedAt(`n * ${RECORDED_OF}`, 2_800_000);
  const sessionId = idOf(2, `n * ${RECORDED_OF}`);
  return {
    recordings: into(
      "recordings",
      recorded,
      `${idOf(5, "n")}, '${shape.licenseId}', ${sessionId}, 'builtin', '${shape.license}-' || n, 'READY', ${flag("n % 2")},
      'https://play.example.com/' || n, 2700, ${recordedAt}, ${recordedAt}, NULL, 5000000, ${json("'[]'")}, NULL, NULL, ${flag("0")}`,
    ),
    awaited_recordings: into(
      "awaited_recordings",
      recorded,
      `${sessionId}, 'builtin', ${recordedAt}, ${startedAt(`n * ${RECORDED_OF}`)}`,
    ),
  };
}

/** The statement that fills each table. */
export const rowsOf = (shape: Shape, dialect: Dialect): Record<string, string> => ({
  ...meetingsOf(shape, dialect),
  ...peopleOf(shape, dialect),
  ...recordingsOf(shape, dialect),
});
