import { checkEntries, checkId, checkText, type TextRule } from "../../domain/checks.js";
import type { Issue } from "../../domain/refusal.js";
import type { Context } from "../context.js";

/** One condition of a filter: where it stands, and its faults. */
type Check = (field: string) => readonly Issue[];

/** A text to search for; what no stored text may have is just not found. */
export const search =
  (text: string | null | undefined, rule: TextRule): Check =>
  (field) =>
    checkText([field], text, rule).filter(({ key }) => key !== "fault.controlCharacter");

export const id =
  (given: string | null | undefined): Check =>
  (field) =>
    checkId([field], given);

export const entries =
  (list: readonly unknown[] | null | undefined): Check =>
  (field) =>
    checkEntries([field], list);

/** The sentences of all faults, each naming its condition as `filter.<name>`. */
export const filterFaults = ({ say }: Context, checks: Readonly<Record<string, Check>>): string[] =>
  Object.entries(checks).flatMap(([name, check]) =>
    check(`filter.${name}`).map(({ path, key, facts }) => say(key, { field: path.join("."), ...facts })),
  );
