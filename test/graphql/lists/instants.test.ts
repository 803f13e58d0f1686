import { expect, test } from "vitest";
import { instantText } from "../../../src/graphql/instant-text.js";
import { DateTime } from "../../../src/graphql/scalars.js";

const DAY_MS = 86_400_000;

test("an instant is written as the language writes it: on every day's edge, before 1970, after the year 9999", () => {
  const edges = [0, 1, DAY_MS - 1, DAY_MS, 1_671_538_088_146, 253_402_300_799_999, 253_402_300_800_000, 8.64e15];
  const around = edges.flatMap((ms) => [ms, -ms, ms + 1, ms - 1]).filter((ms) => Math.abs(ms) <= 8.64e15);
  const spread = Array.from({ length: 2_000 }, (_, step) => step * 7_919_777_131 - 5e12);
  for (const ms of [...around, ...spread, ...spread.toReversed()]) {
    expect(instantText(new Date(ms))).toBe(new Date(ms).toISOString());
  }
});

test("what is no instant is refused, and what is written already stays", () => {
  expect(() => DateTime.serialize(new Date(Number.NaN))).toThrow();
  expect(() => DateTime.serialize("yesterday")).toThrow();
  expect(DateTime.serialize("2022-12-20T12:08:46.148Z")).toBe("2022-12-20T12:08:46.148Z");
});
