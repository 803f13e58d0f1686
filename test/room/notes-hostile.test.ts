import { expect, test } from "vitest";
import * as Y from "yjs";
import { MOST_DOCUMENT_PIECES, NotesDocument } from "../../src/engine/builtin/notes/document.js";

/** What Yjs does for a piece that it looks at: each takes some tens of nanoseconds, so that this many are a few milliseconds. */
const most = 100_000;

/** By what Yjs can't compare, look at or move a piece without. */
const watched: [prototype: object, name: string][] = [
  [Set.prototype, "add"],
  [Array.prototype, "splice"],
  [Y.Item.prototype, "deleted"],
  [Y.GC.prototype, "deleted"],
];

/** @returns how often that happened meanwhile */
function stepsOf(work: () => unknown): number {
  let steps = 0;
  const before = watched.map(([prototype, name]) => {
    const own = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    const kind = own.get ? "get" : "value";
    const call = own[kind] as (...all: unknown[]) => unknown;
    Object.defineProperty(prototype, name, {
      ...own,
      [kind](this: unknown, ...all: unknown[]) {
        steps += 1;
        return Reflect.apply(call, this, all);
      },
    });
    return () => Object.defineProperty(prototype, name, own);
  });
  try {
    work();
  } finally {
    for (const putBack of before) putBack();
  }
  return steps;
}

const idOf = ([client, clock]: Id) => Y.createID(client, clock);

type Id = [client: number, clock: number];
/** Where it stands: between two others, or at the beginning. */
type Written = [at: Id, letters: string, left?: Id | undefined, right?: Id | undefined];

function writing(all: readonly Written[]): Uint8Array {
  const byClient = new Map<number, Written[]>();
  for (const each of all) {
    const [[client]] = each;
    byClient.set(client, byClient.get(client) ?? []);
    byClient.get(client)?.push(each);
  }
  const encoder = new Y.UpdateEncoderV1();
  encoder.writeLen(byClient.size);
  for (const [client, pieces] of byClient) {
    encoder.writeLen(pieces.length);
    encoder.writeClient(client);
    encoder.writeLen(pieces[0]?.[0][1] ?? 0);
    for (const [at, letters, left, right] of pieces) {
      const [origin, rightOrigin] = [left ? idOf(left) : null, right ? idOf(right) : null];
      const parent = (left || right ? null : "notes") as never;
      const item = new Y.Item(idOf(at), null, origin, null, rightOrigin, parent, null, new Y.ContentString(letters));
      item.write(encoder, 0);
    }
  }
  encoder.writeLen(0);
  return encoder.toUint8Array();
}

const piece = (...written: Written): Uint8Array => writing([written]);

function deleting(sections: readonly [number, readonly [number, number][]][]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoder.writeLen(0);
  encoder.writeLen(sections.length);
  for (const [client, ranges] of sections) {
    encoder.writeClient(client);
    encoder.writeLen(ranges.length);
    for (const [clock, length] of ranges) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(length);
    }
  }
  return encoder.toUint8Array();
}

const nearly = MOST_DOCUMENT_PIECES - 20;
const counted = <Of>(count: number, make: (at: number) => Of): Of[] =>
  Array.from({ length: count }, (_, at) => make(at));
const holding = (all: readonly Written[]) => new NotesDocument(writing(all));

/** Each by a writer of its own, all at one place. */
const byMany = () => holding(counted(nearly, (at): Written => [[9_000_000 - at, 0], "a"]));
/** By one, each before the last one: none can be joined to another. */
const byOne = () =>
  holding(counted(nearly, (at): Written => [[7, at], "a", undefined, at > 0 ? [7, at - 1] : undefined]));
const between = () =>
  holding([[[1, 0], "ab"], ...counted(nearly, (at): Written => [[9_000_000 - at, 0], "a", [1, 0], [1, 1]])]);

const whole = (times: number): Uint8Array => deleting([[7, counted(times, () => [0, nearly] as [number, number])]]);
const two = (...ends: [[number, number]?, [number, number]?]) =>
  Y.mergeUpdates([piece([9_500_000, 0], "z", ...ends), piece([9_600_000, 0], "z", ...ends)]);

test.each<[string, () => NotesDocument, () => Uint8Array, "taken" | "INVALID" | "NOTES_FULL"]>([
  ["two more where ten thousand stand at one place", byMany, () => two(), "taken"],
  ["two more between the same two letters", between, () => two([1, 0], [1, 1]), "taken"],
  ["everything deleted at once", byOne, () => whole(1), "taken"],
  ["everything deleted a thousand times in one update", byOne, () => whole(1_000), "INVALID"],
  [
    "the same writer's deleted in a thousand sections",
    byOne,
    () => deleting(counted(1_000, () => [7, [[0, nearly]]] as [number, [number, number][]])),
    "INVALID",
  ],
  [
    "a thousand writers' deleted",
    byMany,
    () => deleting(counted(1_000, (at) => [9_000_000 - at, [[0, 1]]] as [number, [number, number][]])),
    "taken",
  ],
  [
    "every other letter of a long text deleted, which cuts it into a thousand",
    () => holding([[[7, 0], "a".repeat(20_000)]]),
    () => deleting([[7, counted(1_000, (at) => [1 + at * 2, 1] as [number, number])]]),
    "taken",
  ],
])("one hostile update of the notes is little work: %s", (_name, documentOf, updateOf, outcome) => {
  const [document, update] = [documentOf(), updateOf()];
  let written: ReturnType<NotesDocument["write"]>;
  expect(stepsOf(() => (written = document.write(update)))).toBeLessThan(most);
  expect(typeof written === "string" ? written : "taken").toBe(outcome);
});

test("the notes never have more pieces than that, also where deleting cuts them up; whoever deletes whole ones makes room", () => {
  const document = holding([[[7, 0], "a".repeat(40_000)]]);
  const cut = (from: number) =>
    document.write(deleting([[7, counted(1_000, (at) => [from + 1 + at * 2, 1] as [number, number])]]));
  const said = counted(10, (at) => cut(at * 2_000)).map((each) => (typeof each === "string" ? each : "taken"));
  expect(said).toEqual([...Array(4).fill("taken"), ...Array(6).fill("NOTES_FULL")]);
  expect(document.write(piece([8, 0], "more"))).toBeInstanceOf(Uint8Array);
  const full = byMany();
  const more = counted(20, (at) => full.write(piece([100 + at, 0], "b")));
  expect(more.slice(-2)).toEqual(["NOTES_FULL", "NOTES_FULL"]);
  expect(full.write(deleting([[9_000_000, [[0, 1]]]]))).toBeInstanceOf(Uint8Array);
});
