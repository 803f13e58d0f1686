import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Gathering } from "../../src/engine/builtin/gathering.js";

test("enter-2: the first goes on at once, all who follow it soon go on together, and later ones are first again", async () => {
  const gathering = new Gathering(60);
  const gone: string[][] = [];
  let now: string[] = [];
  const pass = (name: string) => gathering.pass().then(() => void now.push(name));
  const look = async () => {
    await nextTurn();
    if (now.length > 0) gone.push(now);
    now = [];
  };
  void pass("first");
  await look();
  expect(gone).toEqual([["first"]]);
  for (const name of ["second", "third", "fourth"]) {
    void pass(name);
    await look();
  }
  expect(gone).toEqual([["first"]]);
  while (gone.length < 2) await look();
  expect(gone).toEqual([["first"], ["second", "third", "fourth"]]);
  // They were the first of what follows.
  void pass("fifth");
  await look();
  expect(gone).toHaveLength(2);
  while (gone.length < 3) await look();
  await sleep(200);
  void pass("late");
  await look();
  expect(gone.slice(2)).toEqual([["fifth"], ["late"]]);
});
