import { existsSync } from "node:fs";
import type { Origin } from "../domain/caller.js";
import type { Services } from "../domain/services.js";
import { terminal } from "./terminal.js";

export const operator: Origin = { door: "CLI" };

export const note = (sentence: string): void => void terminal.err.write(`note: ${sentence}\n`);

/** Facts stay out: they hold stacks and paths. */
const log: Services["log"] = {
  warn: (_, message) => note(message),
  error: (_, message) => note(message),
};

/** Does `work` with the use-cases' world, beside a running server, and closes it whatever happens. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  // Loaded only here, so that --help and a slip of the pen are answered at once.
  const { readConfig } = await import("../config.js");
  const config = readConfig(terminal.env);
  const { openServices } = await import("../services.js");
  const isNew = "file" in config.database && !existsSync(config.database.file);
  // The tool speaks English, whatever the server's visitors speak.
  const { services } = await openServices({ ...config, defaultLanguage: "en" }, { exclusive: false, log });
  try {
    // DATABASE_URL's default depends on the working directory: whoever stands in the wrong one should see it.
    if (isNew) note("There was no database where DATABASE_URL says; an empty one was made.");
    await services.pool.registry.follow();
    return await work(services);
  } finally {
    await services.pool.registry.close();
    await services.storage.close();
  }
}
