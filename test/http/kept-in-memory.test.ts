import { LRUCache } from "lru-cache";
import { getOperationAST, parse } from "graphql";
import { expect, onTestFinished, test, vi } from "vitest";
// First, because it brings what the types need.
import { buildGraph } from "../../src/graphql/schema.js";
import { KnownCallers } from "../../src/domain/license/known-callers.js";
import { PasswordGate } from "../../src/domain/password-gate.js";
import { Code } from "../../src/graphql/run/code/code.js";
import { sizeOf } from "../../src/graphql/run/limits.js";
import { KnownTexts } from "../../src/graphql/run/known-texts.js";
import { Prices } from "../../src/graphql/run/prices.js";
import { Text } from "../../src/graphql/run/text.js";
import { MOST_SHAPES, shapes } from "../../src/storage/queries/prepare.js";
import { boot } from "../helpers/boot.js";

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Every cache of this kind that something is put into while the test runs. */
function cachesUsed(): () => LRUCache<string, object>[] {
  const put = vi.spyOn(LRUCache.prototype, "set");
  onTestFinished(() => put.mockRestore());
  return () => [...new Set(put.mock.contexts as LRUCache<string, object>[])];
}

const isWithin = ({ max, maxSize, size, calculatedSize }: LRUCache<string, object>): boolean =>
  (max > 0 || maxSize > 0) && (max === 0 || size <= max) && (maxSize === 0 || calculatedSize <= maxSize);

test("whatever headers and texts callers send, each cache of the server has a bound and stays within it", async () => {
  const used = cachesUsed();
  const gateway = await boot({ env: { CALLS_PER_MINUTE: "100000", POINTS_PER_MINUTE: "100000000" } });
  for (const number of upTo(250)) {
    const { status } = await gateway.v1("list_general_meeting_setting", {
      headers: { "accept-language": `en-x-${number}, ar;q=0.1` },
    });
    expect(status).toBe(200);
  }
  for (const number of upTo(150)) {
    const headers = { accept: `application/json, x/y-${number}` };
    const { body } = await gateway.graphql(`{ a${number}: license { id } }`, {}, { headers });
    expect(body.data).toBeDefined();
  }
  const caches = used();
  expect(caches.filter((cache) => !isWithin(cache))).toEqual([]);
  // Of languages and of what is accepted: both were sent more than there is room for.
  expect(caches.filter(({ max }) => max > 0).map(({ max, size }) => [max, size])).toEqual([
    [200, 200],
    [100, 100],
  ]);
});

test("texts of documents are kept within their bytes, those of keys and of others each for themselves", () => {
  const used = cachesUsed();
  const known = new KnownTexts();
  const schema = buildGraph();
  const textOf = (number: number) =>
    new Text(
      schema,
      `{ ${upTo(200)
        .map((at) => `a${number}_${at}: __typename`)
        .join(" ")} }`,
    );
  const { bytes } = textOf(0);
  const many = Math.ceil((16 * 2 ** 20) / bytes) + 3;
  known.note("other's", textOf(0), false);
  for (const number of upTo(many)) known.note(`key's ${number}`, textOf(number), true);
  expect(known.find("key's 0")).toBeUndefined();
  expect(known.find(`key's ${many - 1}`)).toBeDefined();
  expect(known.find("other's")).toBeDefined();
  for (const number of upTo(1_500)) known.hashOf(`${number}${"x".repeat(1_000)}`);
  const caches = used();
  expect(caches).toHaveLength(3);
  expect(caches.filter((cache) => !isWithin(cache))).toEqual([]);
});

test("so many keys and tokens are remembered; the one not seen for longest is looked up anew", async () => {
  const known = new KnownCallers({ untoldElsewhere: () => 0, onCommit() {}, onCommitElsewhere() {} });
  const license = { id: "l", version: 1 };
  const remember = (hash: string) => known.read(hash, async () => ({ license }) as never);
  for (const number of upTo(10_000)) await remember(`${number}`);
  expect([known.recall("0"), known.recall("1")]).toEqual([{ license }, { license }]);
  await remember("one more");
  expect([known.recall("2"), known.recall("one more")]).toEqual([undefined, { license }]);
});

test("of one document fifty prices are remembered, and code for four combinations of conditions", () => {
  const schema = buildGraph();
  const document = parse(`query ($ids: [ID!]!, $a: Boolean!, $b: Boolean!, $c: Boolean!) {
    nodes(ids: $ids) { id @include(if: $a) } license { id @skip(if: $b) name @include(if: $c) } }`);
  const node = getOperationAST(document) as NonNullable<ReturnType<typeof getOperationAST>>;
  const prices = new Prices(schema, document, undefined);
  const flags = { a: true, b: true, c: true };
  const workedOut = vi.spyOn(schema, "getDirectives");
  const isAsked = (count: number) => {
    const values = { ...flags, ids: upTo(count).map(String) };
    workedOut.mockClear();
    prices.of({ given: values, coerced: values });
    return workedOut.mock.calls.length > 0;
  };
  expect([isAsked(1), isAsked(1)]).toEqual([true, false]);
  expect(upTo(49).map((at) => isAsked(at + 2))).toEqual(upTo(49).map(() => true));
  expect([isAsked(1), isAsked(51), isAsked(1)]).toEqual([false, true, true]);

  const { fields } = sizeOf(document, node);
  const code = new Code({ schema, document, node, fields, from: 1 });
  const combinations = upTo(8).map((bits) => ({ ids: [], a: bits > 3, b: bits % 4 > 1, c: bits % 2 === 1 }));
  const made = () => combinations.map((values) => code.for(values) !== undefined);
  expect(made()).toEqual([true, true, true, true, false, false, false, false]);
  const { bytes } = code;
  expect([made().length, code.bytes]).toEqual([8, bytes]);
});

test("of one list's statements so many shapes are kept prepared, and the first one goes first", () => {
  const made: string[] = [];
  const prepared = shapes<number>(MOST_SHAPES);
  const ask = (name: string) => prepared(name, () => made.push(name));
  for (const number of upTo(MOST_SHAPES)) ask(`${number}`);
  for (const name of ["0", "one more", "1", "0"]) ask(name);
  expect(made.slice(MOST_SHAPES)).toEqual(["one more", "0"]);
});

test("wrong passwords are remembered for a day, and of so many meetings; whoever is still tried stays slowed", () => {
  const gate = new PasswordGate();
  const DAY = 86_400_000;
  for (const _ of upTo(11)) gate.failed("tried often", 0);
  gate.failed("tried once", 0);
  gate.failed("tried often", DAY - 1);
  expect(gate.wait("tried often", DAY - 1)).toBe(4_000);
  gate.failed("another", DAY);
  expect(gate.size).toBe(2);
  gate.failed("tried often", DAY);
  expect(gate.wait("tried often", DAY)).toBe(8_000);
  for (const number of upTo(100_000)) gate.failed(`${number}`, DAY);
  expect(gate.size).toBe(100_000);
  expect(gate.wait("tried often", DAY)).toBe(0);
});
