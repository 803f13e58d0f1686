import type { Database as Connection } from "better-sqlite3";

/** Every commit of a partner's writes an event, and a process says every few seconds that it lives: the later of both. */
export function lastInstant(connection: Connection): Date | undefined {
  const at = connection
    .prepare<[], number | null>(
      `SELECT max(at) FROM (SELECT max(seen_at) AS at FROM instances
        UNION ALL SELECT occurred_at FROM events WHERE seq = (SELECT max(seq) FROM events))`,
    )
    .pluck()
    .get();
  return at == null ? undefined : new Date(at);
}
