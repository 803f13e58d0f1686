import { onTestFinished } from "vitest";
import { openStorage, type Storage } from "../../src/storage/index.js";
import { openPostgres } from "../../src/storage/postgres/open.js";
import { databaseOf, makeDatabaseFor, temporaryFolder } from "./databases.js";

interface Opening {
  /** Of another storage, whose database this one opens beside it. */
  folder?: string;
  /** As a server does; not, as a tool. */
  exclusive?: boolean;
  heldMs?: number;
}

/** A storage on the run's kind of database, without a server; closed with the test. `openBeside` finds it by the folder. */
export async function openTestStorage(opening: Opening = {}): Promise<{ storage: Storage; folder: string }> {
  const { folder = temporaryFolder(), exclusive = true, heldMs } = opening;
  await makeDatabaseFor(folder);
  const url = databaseOf(folder);
  const held = heldMs === undefined ? {} : { heldMs };
  const storage = url
    ? await openPostgres({ url, ...held })
    : openStorage({ path: `${folder}/vconnct.sqlite`, exclusive, busyMs: 100, ...held });
  onTestFinished(() => storage.close());
  return { storage, folder };
}
