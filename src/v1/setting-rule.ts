import { settingList } from "../domain/settings.js";
import type { Fault } from "./errors.js";

const FIELD = "meeting_setting";
/** Longer lists are not looked into: each entry could be a fault of its own. */
const MAX_ENTRIES = 100;

const names = settingList.filter(({ inV1 }) => inV1).map(({ v1 }) => v1);
const known: ReadonlySet<unknown> = new Set(names);

const isEntry = (entry: unknown): entry is { setting: unknown; value: unknown } =>
  typeof entry === "object" && entry !== null && Object.hasOwn(entry, "setting") && Object.hasOwn(entry, "value");

/** `meeting_setting` holds each of the ten exactly once, with a real boolean (create-1). */
export function settingFaults(body: unknown): Fault[] {
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  if (!isObject) return [];
  const list = Object.hasOwn(body, FIELD) ? (body as Record<string, unknown>)[FIELD] : undefined;
  if (list == null) return [{ key: "fault.required", facts: { field: FIELD } }];
  if (!Array.isArray(list)) return [{ key: "fault.settings", facts: { field: FIELD } }];
  if (list.length > MAX_ENTRIES) {
    return [{ key: "fault.settings.tooMany", facts: { field: FIELD, limit: MAX_ENTRIES } }];
  }
  return entryFaults(list);
}

type EntryRule = "entry" | "missing" | "duplicate" | "unknown" | "notBoolean";

function entryFaults(list: unknown[]): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<unknown, number>();
  const say = (rule: EntryRule, facts: Fault["facts"]) =>
    faults.push({ key: `fault.setting.${rule}`, facts: { field: FIELD, ...facts } });
  for (const [index, entry] of list.entries()) {
    if (!isEntry(entry)) say("entry", { position: index + 1 });
    else if (!known.has(entry.setting)) say("unknown", { position: index + 1 });
    else {
      const setting = String(entry.setting);
      seen.set(setting, (seen.get(setting) ?? 0) + 1);
      if (seen.get(setting) === 2) say("duplicate", { setting });
      if (typeof entry.value !== "boolean") say("notBoolean", { setting });
    }
  }
  for (const setting of names) if (!seen.has(setting)) say("missing", { setting });
  return faults;
}
