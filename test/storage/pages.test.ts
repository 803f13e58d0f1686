import { v7 as newId } from "uuid";
import { expect, test } from "vitest";
import type { LicenseId, Meeting, Storage } from "../../src/storage/index.js";
import type { MeetingField, MeetingFilter } from "../../src/storage/queries/meetings.js";
import type { Direction, PageRequest, Position } from "../../src/storage/queries/lists/page.js";
import { openTestStorage } from "../helpers/storage.js";

const at = new Date(1_700_000_000_000);

async function license(storage: Storage): Promise<LicenseId> {
  const id = newId() as LicenseId;
  const terms = { name: "x", keyHash: newId(), keyHint: "abcd", expiresAt: at, createdAt: at, updatedAt: at };
  await storage.transaction((tx) => tx.licenses.insert({ id, ...terms, generalSettings: {} }));
  return id;
}

/** Meetings at these seconds, oldest id first; equal seconds are ties. */
async function open(...seconds: number[]) {
  const { storage } = await openTestStorage();
  const licenseId = await license(storage);
  const add = (second: number, owner = licenseId) => {
    const createdAt = new Date(at.getTime() + second * 1000);
    const title = { title: `t${second % 3}`, titleKey: `t${second % 3}` };
    const row = { id: newId(), licenseId: owner, ...title, settings: {}, createdAt, updatedAt: createdAt };
    return storage.transaction((tx) => tx.meetings.insert(row));
  };
  const rows: Meeting[] = [];
  for (const second of seconds) rows.push(await add(second));
  // Another license's meeting among them is nobody else's.
  await add(2, await license(storage));
  const list = (page: PageRequest<MeetingField, MeetingFilter>) =>
    storage.read.meetings.list({ licenseId, meetingId: null }, page);
  return { storage, licenseId, add, rows, list };
}

const positionOf = (row: Meeting, field: MeetingField): Position => ({
  value: field === "TITLE" ? row.titleKey : row.createdAt.getTime(),
  id: row.id,
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const sorted = (rows: Meeting[], field: MeetingField, direction: Direction): string[] => {
  const key = (row: Meeting) => `${String(positionOf(row, field).value)} ${row.id}`;
  const ids = rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ id }) => id);
  return direction === "ASC" ? ids : ids.toReversed();
};

const orders = (["CREATED_AT", "UPDATED_AT", "TITLE"] as const).flatMap((field) =>
  (["ASC", "DESC"] as const).map((direction) => ({ field, direction })),
);

test.each(orders)("page by page by $field $direction: every row once, in order, ties by id", async (order) => {
  const { rows, list } = await open(5, 1, 3, 3, 3, 2, 9, 1);
  const walked: string[] = [];
  let after: Position | undefined;
  for (let pages = 0; pages < 10; pages += 1) {
    const page = await list({ ...order, after, limit: 3 });
    walked.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (!last) break;
    after = positionOf(last, order.field);
  }
  expect(walked).toEqual(sorted(rows, order.field, order.direction));
});

test.each(orders)(
  "page by page from the end by $field $direction: the same rows, each page in order",
  async (order) => {
    const { rows, list } = await open(5, 1, 3, 3, 3, 2, 9, 1);
    const walked: string[] = [];
    let before: Position | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await list({ ...order, before, limit: 3, fromEnd: true });
      walked.unshift(...page.map(({ id }) => id));
      const first = page[0];
      if (!first) break;
      before = positionOf(first, order.field);
    }
    expect(walked).toEqual(sorted(rows, order.field, order.direction));
  },
);

test.each(["ASC", "DESC"] as const)("a window between two positions, %s, holds neither of them", async (direction) => {
  const { rows, list } = await open(1, 2, 3, 4, 5);
  const [first, last] = direction === "ASC" ? [rows[0], rows[4]] : [rows[4], rows[0]];
  const window = {
    after: positionOf(first as Meeting, "CREATED_AT"),
    before: positionOf(last as Meeting, "CREATED_AT"),
  };
  const found = await list({ field: "CREATED_AT", direction, ...window, limit: 10 });
  expect(found.map(({ id }) => id)).toEqual(sorted(rows.slice(1, 4), "CREATED_AT", direction));
});

test("rows that come and go while someone walks move no other row: none is lost, none is seen twice", async () => {
  const { storage, licenseId, add, rows, list } = await open(10, 20, 30, 40, 50);
  const order = { field: "CREATED_AT", direction: "ASC" } as const;
  const first = await list({ ...order, limit: 2 });
  // One before the position, the very row of the position, one after it; then an old and a new one arrive.
  const gone = [rows[0], rows[1], rows[2]].flatMap((row) => row ?? []);
  for (const { id } of gone) await storage.transaction((tx) => tx.meetings.markDeleted(licenseId, id, at));
  await add(5);
  const late = await add(35);
  await nextTurn();
  const rest = await list({ ...order, after: positionOf(first[1] as Meeting, "CREATED_AT"), limit: 10 });
  expect(rest.map(({ id }) => id)).toEqual([late.id, rows[3]?.id, rows[4]?.id]);
});
