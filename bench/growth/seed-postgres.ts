import { Client } from "pg";
import { type Dialect, licenseOf, rowsOf, shapes } from "./rows.js";

const dialect: Dialect = {
  numbers: (count) => `WITH at AS (SELECT n FROM generate_series(0::bigint, ${count - 1}) AS numbers(n))`,
  id: (kind, license, number) => {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
    return `'01900000-${hex(kind, 4)}-7${hex(license, 3)}-8000-' || lpad(to_hex(${number}), 12, '0')`;
  },
  instant: (ms) => `to_timestamp((${ms}) / 1000.0)`,
  flag: (number) => `(${number}) = 1`,
  json: (text) => `(${text})::jsonb`,
  next: "nextval(pg_get_serial_sequence('events', 'seq'))",
};

/** What the triggers would have counted, row by row. */
const DAYS = `INSERT INTO license_days (license_id, day, sessions, failed, started, started_ms, peak_present, ended, ended_ms,
    attendances, recordings, recorded_seconds)
  SELECT license_id, day, sum(sessions), sum(failed), sum(sessions - failed), sum(started_ms), max(peak), sum(ended), sum(ended_ms),
    sum(attendances), sum(recordings), sum(recorded_seconds)
  FROM (
    SELECT license_id, day_of(started_at) AS day, 1 AS sessions, (status = 'FAILED')::integer AS failed,
      CASE status WHEN 'FAILED' THEN 0 ELSE ms_of_day(started_at) END AS started_ms,
      CASE status WHEN 'FAILED' THEN 0 ELSE peak_present END AS peak, 0 AS ended, 0::bigint AS ended_ms, 0 AS attendances,
      0 AS recordings, 0::bigint AS recorded_seconds
    FROM sessions WHERE ended_at IS NOT NULL
    UNION ALL SELECT license_id, day_of(ended_at), 0, 0, 0, 0, 1, ms_of_day(ended_at), 0, 0, 0
    FROM sessions WHERE ended_at IS NOT NULL AND status <> 'FAILED'
    UNION ALL SELECT license_id, day_of(joined_at), 0, 0, 0, 0, 0, 0, 1, 0, 0
    FROM attendances JOIN (SELECT id FROM sessions WHERE ended_at IS NOT NULL AND status <> 'FAILED') AS over ON session_id = over.id
    UNION ALL SELECT license_id, day_of(created_at), 0, 0, 0, 0, 0, 0, 0, 1, duration_seconds FROM recordings
  ) AS counted GROUP BY license_id, day`;

/** Rows first, indexes after them, but for those of keys. @returns makes them */
async function indexLater(client: Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; made: string }>(`SELECT indexname AS name, indexdef AS made
    FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)`);
  for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
  return async () => {
    for (const { made } of rows) await client.query(made);
  };
}

/**
 * What the file of this size has (seed.ts), made where it is to be. No row's triggers run, so the role must be one that may
 * turn them off.
 * @param url of a migrated, empty database
 */
export async function seedGrowthOnPostgres(url: string, meetings: number, say: (line: string) => void): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await client.query("SET maintenance_work_mem = '512MB'");
    const finish = await indexLater(client);
    for (const shape of shapes(meetings)) {
      await client.query(licenseOf(shape, dialect));
      for (const [table, sql] of Object.entries(rowsOf(shape, dialect))) {
        say(`${meetings} meetings: ${table} of license ${shape.license}`);
        await client.query(sql);
      }
    }
    say(`${meetings} meetings: days, indexes and statistics`);
    await client.query(DAYS);
    await finish();
    await client.query("VACUUM ANALYZE");
  } finally {
    await client.end();
  }
}
