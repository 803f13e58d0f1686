import { expect, test } from "vitest";
import { atTurnsEnd } from "../../src/turns-end.js";

const turnsEnd = () => new Promise((resolve) => setImmediate(resolve));

test("what is put at a turn's end runs there in its order, also what is put there meanwhile, and nothing twice", async () => {
  const ran: string[] = [];
  atTurnsEnd(() => {
    ran.push("a");
    atTurnsEnd(() => void ran.push("c"));
  });
  atTurnsEnd(() => void ran.push("b"));
  expect(ran).toEqual([]);
  await turnsEnd();
  expect(ran).toEqual(["a", "b", "c"]);
  await turnsEnd();
  expect(ran).toEqual(["a", "b", "c"]);
  atTurnsEnd(() => void ran.push("d"));
  await turnsEnd();
  expect(ran).toEqual(["a", "b", "c", "d"]);
});

test("one that throws takes none of the others along", async () => {
  const ran: string[] = [];
  const thrown = new Promise((resolve) => {
    const others = process.rawListeners("uncaughtException") as ((error: Error) => void)[];
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => {
      for (const listener of others) process.on("uncaughtException", listener);
      resolve(error.message);
    });
  });
  atTurnsEnd(() => void ran.push("a"));
  atTurnsEnd(() => {
    throw new Error("broken");
  });
  atTurnsEnd(() => void ran.push("b"));
  expect(await thrown).toBe("broken");
  await turnsEnd();
  expect(ran).toEqual(["a", "b"]);
});
