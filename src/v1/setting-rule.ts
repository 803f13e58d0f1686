import { isObject, MOST_ENTRIES } from "../domain/checks.js";
import { settingList } from "../domain/settings.js";
import type { Fault } from "./errors.js";

const FIELD = "meeting_setting";

const names = settingList.filter(({ inV1 }) => inV1).map(({ v1 }) => v1);
const known: ReadonlySet<unknown> = new Set(names);

/** Its own keys only: what an entry inherits nobody sent. */
function read(entry: unknown): { setting?: unknown; value?: unknown } {
  if (typeof entry !== "object" || entry === null) return {};
  const own = (key: string): unknown => (Object.hasOwn(entry, key) ? entry[key as keyof typeof entry] : undefined);
  return { setting: own("setting"), value: own("value") };
}

/** `meeting_setting` holds each of the ten exactly once, with a real boolean (create-1). */
export function settingFaults(body: unknown): Fault[] {
  if (!isObject(body)) return [];
  const list = Object.hasOwn(body, FIELD) ? body[FIELD] : undefined;
  if (list == null) return [{ key: "fault.required", facts: { field: FIELD } }];
  if (!Array.isArray(list)) return [{ key: "fault.settings", facts: { field: FIELD } }];
  if (list.length > MOST_ENTRIES) {
    return [{ key: "fault.tooManyEntries", facts: { field: FIELD, limit: MOST_ENTRIES } }];
  }
  return entryFaults(list);
}

type EntryRule = "entry" | "missing" | "duplicate" | "unknown" | "value" | "notBoolean";

function entryFaults(list: unknown[]): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, number>();
  const say = (rule: EntryRule, facts: Fault["facts"]) =>
    faults.push({ key: `fault.setting.${rule}`, facts: { field: FIELD, ...facts } });
  for (const [index, entry] of list.entries()) {
    const position = index + 1;
    const { setting, value } = read(entry);
    const name = typeof setting === "string" && known.has(setting) ? setting : undefined;
    if (setting == null || value === undefined) say("entry", { position });
    else if (name === undefined) say("unknown", { position });
    if (name !== undefined) {
      seen.set(name, (seen.get(name) ?? 0) + 1);
      if (seen.get(name) === 2) say("duplicate", { setting: name });
    }
    if (value === undefined || typeof value === "boolean") continue;
    if (name === undefined) say("value", { position });
    else say("notBoolean", { setting: name });
  }
  for (const setting of names) if (!seen.has(setting)) say("missing", { setting });
  return faults;
}
