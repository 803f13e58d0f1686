import type { Command } from "commander";
import { readConfig } from "../config.js";
import { print } from "./output.js";
import { terminal } from "./terminal.js";
import { withServices } from "./with-services.js";

async function migrate(): Promise<void> {
  const { database } = readConfig(terminal.env);
  if ("file" in database) {
    // Whoever opens it brings it up to date.
    await withServices(async () => {});
    return print("The database is up to date.");
  }
  const { migratePostgres } = await import("../storage/postgres/migrations.js");
  const applied = await migratePostgres(database.server);
  const what = applied === 1 ? "1 migration was" : `${applied} migrations were`;
  return print(applied === 0 ? "The database is up to date." : `The database is up to date: ${what} applied.`);
}

export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("bring the database up to date with this version; of several at once one does, the others wait for it")
    .action(migrate);
}
