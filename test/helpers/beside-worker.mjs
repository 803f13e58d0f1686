import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { Client } from "pg";

/** As SQLite keeps them: instants in milliseconds, flags as 0 and 1, JSON as a text. */
const parsers = {
  16: (text) => (text === "t" ? 1 : 0),
  20: Number,
  21: Number,
  23: Number,
  1700: Number,
  1184: (text) => Date.parse(`${text.replace(" ", "T")}:00`),
};
const types = { getTypeParser: (type) => parsers[type] ?? ((text) => text) };
/** Nobody waits longer for a lock that the server keeps whose process waits for us. */
const SETTINGS = "SET lock_timeout = 5000; SET TimeZone = 'UTC'; SET search_path = public, beside";

const clients = new Map();
/** Those that are in a transaction. */
const inside = new Set();

async function open(id, url) {
  const client = new Client({ connectionString: url, types });
  client.on("error", () => {});
  await client.connect();
  await client.query(SETTINGS);
  clients.set(id, client);
}

async function run({ id, url, text }) {
  if (url) return open(id, url);
  if (text === undefined) return clients.get(id)?.end();
  const result = await clients.get(id).query({ text, rowMode: "array" });
  // Whoever is told of a change has been told by then, and hears it in the next turn.
  if (text.startsWith("BEGIN")) inside.add(id);
  else if (/^(?:COMMIT|ROLLBACK)/.test(text)) inside.delete(id);
  if (!inside.has(id) && !/^\s*SELECT/i.test(text)) await sleep(5);
  const last = Array.isArray(result) ? result.at(-1) : result;
  const columns = last.fields?.map(({ name }) => name) ?? [];
  return { columns, rows: last.rows ?? [], changes: last.rowCount ?? 0 };
}

const { flag, line } = workerData;
line.on("message", async (asked) => {
  try {
    line.postMessage({ value: await run(asked) }, []);
  } catch (error) {
    line.postMessage({ fault: error.message }, []);
  }
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
