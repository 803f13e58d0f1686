import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/storage/postgres/open.js";
import { StorageUnavailable } from "../../src/storage/unavailable.js";
import { openDatabaseLine } from "../helpers/database-line.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";

test("a write whose answer is lost, while the database answers nobody any more, is unknown after five seconds, not after twice that", async () => {
  const url = await postgresDatabase();
  const line = await openDatabaseLine(url);
  const storage = await openPostgres({ url: line.url });
  onTestFinished(() => storage.close());
  line.swallowFrom("COMMIT", 4_500);
  const begun = performance.now();
  const written = storage.transaction((tx) => tx.instances.insert("here", new Date()));
  await expect(written).rejects.toBeInstanceOf(StorageUnavailable);
  expect(performance.now() - begun).toBeLessThan(7_500);
  // It was stored: what is not known is not called undone.
  expect(await askPostgres(url, "SELECT id FROM instances")).toEqual([{ id: "here" }]);
});
