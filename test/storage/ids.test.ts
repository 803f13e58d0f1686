import { validate, version } from "uuid";
import { expect, test } from "vitest";
import { newId } from "../../src/ids.js";

test("ids are UUIDs of version 7, each after the one before, also within a millisecond", () => {
  const ids = Array.from({ length: 5_000 }, newId);
  expect(ids.filter((id) => !validate(id) || version(id) !== 7)).toEqual([]);
  expect(ids).toEqual([...new Set(ids)].toSorted());
  const instant = (id: string | undefined) => Number.parseInt((id ?? "").replace("-", "").slice(0, 12), 16);
  expect(Math.abs(instant(ids[0]) - Date.now())).toBeLessThan(5_000);
  // What is not the time nor the count is never the same.
  expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(ids.length);
});
