import { expect, test } from "vitest";
import { ListTurns } from "../../src/v1/list-turns.js";

test("lists that wait are begun in the order they came, as many in a turn of the event loop as fit into it", async () => {
  const turns = new ListTurns();
  const begun: number[][] = [[]];
  const list = (rows: number) =>
    turns.take(() => {
      begun.at(-1)?.push(rows);
      // Rows come later than the list is begun, and in the same turn.
      void Promise.resolve().then(() => turns.took(rows));
    });
  for (const rows of [1_000, 300]) list(rows);
  // Nobody knows yet how many rows the first one has.
  expect(begun).toEqual([[1_000, 300]]);

  await Promise.resolve();
  begun.push([]);
  for (const rows of [400, 500, 99, 2, 700, 300]) list(rows);
  for (let turn = 0; turn < 4; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    await new Promise((resolve) => setImmediate(resolve));
    begun.push([]);
  }
  expect(begun.slice(1).filter((each) => each.length > 0)).toEqual([
    [400, 500, 99, 2],
    [700, 300],
  ]);
});

test("who finds that there is nothing to read leaves its turn to the next", async () => {
  const turns = new ListTurns();
  turns.take(() => turns.took(1_000));
  const begun: string[] = [];
  const one = (name: string, reads: boolean) =>
    turns.take(() => {
      begun.push(name);
      return reads;
    });
  for (const name of ["a", "b", "c"]) one(name, false);
  one("reads", true);
  one("waits", true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(["a", "b", "c", "reads"]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun.at(-1)).toBe("waits");
});
