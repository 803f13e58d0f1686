import { expect, test } from "vitest";
import { serverWords } from "../../src/server-words.js";

const key = (name: string) => Buffer.alloc(32, name);

/** A server with these secrets. */
const server = (self: string, keys: string[], at = 1_000_000) =>
  serverWords(keys.map(key), self, { wall: () => new Date(at) });

test("a server takes what another with its secret says to it, for a minute, and nothing else", () => {
  const word = server("a", ["now"]).say("b");
  expect(server("b", ["now"]).isOurs(word)).toBe(true);
  expect(server("b", ["next", "now"]).isOurs(word)).toBe(true);
  expect(server("b", ["now"], 1_060_000).isOurs(word)).toBe(true);
  const others = [server("c", ["now"]), server("b", ["other"]), server("b", ["now"], 1_060_001)];
  expect(others.map((each) => each.isOurs(word))).toEqual([false, false, false]);
  const forged = ["", ".", word.replace(/^\d+/, "1000001"), word.slice(0, -2), `${word}A`];
  expect(forged.map((each) => server("b", ["now"]).isOurs(each))).toEqual(forged.map(() => false));
});
