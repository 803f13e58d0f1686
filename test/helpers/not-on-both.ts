const ownFile = "is about the file and how it is written";
const ownPlans = "is about SQLite's rows and plans; test/postgres asks for the other's";

/** Folders and files of tests that do not run a second time, on PostgreSQL (`npm run test:postgres`), and why. */
export const notOnBoth: Readonly<Record<string, string>> = {
  "test/lint": "asks no database",
  "test/types": "asks no database",
  "test/postgres": "asks both databases by itself",
  "test/cli/backup.test.ts": "is about a copy of the file; a server has tools of its own, which ours names",
  "test/storage/clean-end.test.ts": ownFile,
  "test/storage/database.test.ts": ownFile,
  "test/storage/group-commit.test.ts": ownFile,
  "test/storage/migrations.test.ts": ownFile,
  "test/storage/moved-log.test.ts": ownFile,
  "test/storage/wal-size.test.ts": ownFile,
  "test/storage/plain-rows.test.ts": ownPlans,
  "test/storage/plans.test.ts": ownPlans,
  "test/storage/every-statement.test.ts": "is about which statements the plans are asked of, the same on both",
  "test/start/database-lost.test.ts": "takes the file away, damages it and fills its disk",
};
