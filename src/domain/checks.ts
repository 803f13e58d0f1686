import { controlFree, surrogateFree, visible } from "../characters.js";
import type { Issue, Refuse } from "./refusal.js";

export interface TextRule {
  /** In Unicode code points. */
  max: number;
  /** Whether line breaks and tabs are welcome. */
  multiline?: boolean;
}

/** v1 decisions, create-4; the address' limit is ours. */
export const limits = {
  title: { max: 255 },
  password: { max: 64 },
  welcomeText: { max: 4000, multiline: true },
  name: { max: 255 },
  address: { max: 2048 },
  idempotencyKey: { max: 255 },
} as const satisfies Record<string, TextRule>;

/** A list of a caller's has at most this many entries; in a longer one each could be a fault of its own. */
export const MOST_ENTRIES = 100;

/** At most this many faults are told in one answer (order-1), on every door. */
export const MOST_FAULTS = 50;

export const uuidPattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

const uuid = new RegExp(uuidPattern, "u");
const line = new RegExp(controlFree.line, "u");
const multiline = new RegExp(controlFree.multiline, "u");
const wholeCharacters = new RegExp(surrogateFree, "u");
const something = new RegExp(visible, "u");

export const isUuid = (value: string): boolean => uuid.test(value);

/** What JSON calls an object: a list is none. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Ids come in any letter case (id-1), and are stored in one. */
export const storedId = (id: string): string => id.toLowerCase();

export const checkId = (path: string[], id: string | null | undefined): Issue[] =>
  id == null || isUuid(id) ? [] : [{ path, code: "INVALID_FORMAT", key: "fault.uuid" }];

/** Whether anything of it can be seen; marks inside a real name stay and do no harm. */
export const isVisible = (value: string): boolean => something.test(value);

/** The faults of one text; nothing is cut or changed (create-4). */
export function checkText(path: string[], value: string | null | undefined, rule: TextRule): Issue[] {
  if (value == null) return [];
  const issues: Issue[] = [];
  // oxlint-disable-next-line typescript/no-misused-spread -- code points are what create-4 counts
  if ([...value].length > rule.max) {
    issues.push({ path, code: "TOO_LONG", key: "fault.tooLong", facts: { limit: rule.max } });
  }
  if (!(rule.multiline ? multiline : line).test(value)) {
    issues.push({ path, code: "INVALID_FORMAT", key: "fault.controlCharacter" });
  }
  if (!wholeCharacters.test(value)) issues.push({ path, code: "INVALID_FORMAT", key: "fault.loneSurrogate" });
  return issues;
}

/** A name must show something: one that nobody can see counts as missing (create-4). */
export function checkName(path: string[], value: string): Issue[] {
  if (!isVisible(value)) return [{ path, code: "REQUIRED", key: "fault.required" }];
  return checkText(path, value, limits.name);
}

export const checkEntries = (path: string[], list: readonly unknown[] | null | undefined): Issue[] =>
  list && list.length > MOST_ENTRIES
    ? [{ path, code: "TOO_LONG", key: "fault.tooManyEntries", facts: { limit: MOST_ENTRIES } }]
    : [];

/** @throws Refusal INVALID_INPUT with all of them, when there are any */
export function refuseIssues(refuse: Refuse<"INVALID_INPUT">, ...issues: Issue[][]): void {
  const all = issues.flat();
  if (all.length > 0) throw refuse("INVALID_INPUT", { issues: all.slice(0, MOST_FAULTS) });
}

/**
 * The absolute address a partner means, or undefined when it is none we take: only http and https, and where the
 * scheme is missing, https (start-4: the document's own example is `example.com`).
 */
export function webAddress(value: string): string | undefined {
  const text = value.trim();
  const hasScheme = /^https?:\/\//i.test(text);
  const hasOtherScheme = /^[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))/i.test(text);
  if (!hasScheme && (hasOtherScheme || /^[/\\?#]/.test(text))) return undefined;
  const address = hasScheme ? text : `https://${text}`;
  return URL.canParse(address) ? new URL(address).href : undefined;
}
