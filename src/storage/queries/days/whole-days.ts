import { and, gte, lt, type SQL, type SQLWrapper } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { given, type Values } from "../prepare.js";

/** From `from` on, and before `until`. */
export interface Period {
  from: Date;
  until: Date;
}

/** As far as a Date reaches, either way. */
const FURTHEST_MS = 8_640_000_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;

const floorDay = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;

/** A bound that is left out is none. */
export const periodOf = ({
  from,
  until,
}: {
  from?: Date | null | undefined;
  until?: Date | null | undefined;
} = {}) => ({
  from: from ?? new Date(-FURTHEST_MS),
  until: until ?? new Date(FURTHEST_MS),
});

/**
 * A period that is not empty, split into its whole `days`, which `license_days` tells, and what is left before (`head`)
 * and after them (`tail`); that is read row by row, as are days from the one of `now` on: where clocks were wrong, there
 * may be rows of times to come.
 * @returns values for `inside`, and for each part: `back`, so much earlier than it begins, and its `lastMoment`
 */
export function splitIntoDays(period: Period, now: Date, backMs: number): Values {
  const [from, until] = [period.from.getTime(), period.until.getTime()];
  const lastMoment = Math.min(until, now.getTime());
  const [firstDay, lastDay] = [floorDay(from + DAY_MS - 1), floorDay(lastMoment)];
  const hasDays = firstDay <= lastDay;
  const parts = {
    whole: [from, until],
    head: [from, hasDays ? firstDay : until],
    days: [firstDay, hasDays ? lastDay : firstDay],
    tail: [hasDays ? lastDay : until, until],
  };
  const values: Values = {};
  for (const [name, [begin = 0, end = 0]] of Object.entries(parts)) {
    values[`${name}.from`] = new Date(begin);
    values[`${name}.until`] = new Date(end);
    values[`${name}.back`] = new Date(Math.max(-FURTHEST_MS, begin - backMs));
    values[`${name}.lastMoment`] = new Date(Math.min(end, lastMoment));
  }
  return values;
}

export type DayPart = "whole" | "head" | "days" | "tail";

/** Whether an instant is in this part of the period. @param by what to compare with its bounds, where not the column */
export function inside(part: DayPart, column: SQLiteColumn, by: (column: SQLWrapper) => SQLWrapper = (it) => it): SQL {
  const [from, until] = [given(`${part}.from`, column), given(`${part}.until`, column)];
  return and(gte(by(column), from), lt(by(column), until)) as SQL;
}
