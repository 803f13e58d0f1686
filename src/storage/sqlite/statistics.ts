import Sqlite from "better-sqlite3";

/**
 * Takes away what `ANALYZE` left. SQLite plans by it for as long as it is there: what it tells of a file that was small
 * has whole tables read in one that is large. Without it plans are the same at every size, and tests hold them to it.
 */
export function forgetStatistics(path: string): void {
  const connection = new Sqlite(path);
  try {
    const tables = connection
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE name IN ('sqlite_stat1', 'sqlite_stat4')")
      .pluck()
      .all();
    for (const table of tables) connection.exec(`DROP TABLE ${table}`);
  } finally {
    connection.close();
  }
}
