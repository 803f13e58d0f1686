import { expect, test } from "vitest";
import { seedGrowth } from "../../bench/growth/seed.js";
import { seedGrowthOnPostgres } from "../../bench/growth/seed-postgres.js";
import { copyDatabase } from "../../src/storage/copy/copy.js";
import { tablesInOrder } from "../../src/storage/copy/tables.js";
import { temporaryFolder } from "../helpers/boot.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";

test("what is made on PostgreSQL to measure growth is what the file of the same size has, row by row", async () => {
  const [made, copied] = [await postgresDatabase(), await postgresDatabase()];
  const from = seedGrowth(temporaryFolder(), 1_000, () => {});
  await copyDatabase({ from, to: copied, say: () => {}, onResumed: () => {} });
  await seedGrowthOnPostgres(made, 1_000, () => {});
  const indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1";
  expect(await askPostgres(made, indexes)).toEqual(await askPostgres(copied, indexes));
  let rows = 0;
  for (const { name } of tablesInOrder()) {
    const text = `SELECT count(*)::integer AS rows, md5(string_agg(each::text, E'\\n' ORDER BY each::text)) AS hash FROM "${name}" AS each`;
    const [here, there] = [await askPostgres<{ rows: number }>(made, text), await askPostgres(copied, text)];
    expect([name, here]).toEqual([name, there]);
    rows += here[0]?.rows ?? 0;
  }
  expect(rows).toBeGreaterThan(30_000);
});
