import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { EventFeed } from "../../src/domain/events/event-feed.js";
import type { LicenseId } from "../../src/storage/index.js";
import { openBeside } from "../helpers/beside.js";
import { boot } from "../helpers/boot.js";
import { quiet } from "../helpers/rows.js";

test("for whoever takes nothing fifty events are held; what came after them is read when they are taken", async () => {
  const gateway = await boot(quiet);
  const { id } = await gateway.license();
  const licenseId = id as LicenseId;
  const { storage } = gateway.opened.services;
  const feed = new EventFeed(storage, { warn() {} });
  const types = ["meeting.created"] as const;
  const begin = async () =>
    feed.follow({ reach: { licenseId, meetingId: null }, meetingId: null, types, after: await feed.now() });
  const [idle, taking] = [await begin(), await begin()];
  const write = (count: number) =>
    storage.transaction(async (tx) => {
      for (let at = 0; at < count; at += 1) {
        const event = { id: `${count}-${at}`, type: "meeting.created", door: "SYSTEM", facts: {} } as const;
        await tx.events.append({ ...event, licenseId, occurredAt: new Date(1) });
      }
    });
  // Both catch up while they wait, and then are handed what comes.
  for (const count of [1, 2]) {
    const waiting = [idle.next(), taking.next()];
    await sleep(50);
    await write(count);
    await Promise.all(waiting);
  }
  await Promise.all([idle.next(), taking.next()]);
  await write(200);
  for (let taken = 0; taken < 200; taken += 1) await taking.next();
  const database = openBeside(gateway);
  database.exec("DELETE FROM events WHERE id LIKE '200-%'");
  database.close();
  // What was read in this turn of the event loop is of one moment.
  await sleep(20);
  const held: string[] = [];
  const over = (async () => {
    for await (const event of idle) held.push(event.id);
  })();
  await vi.waitUntil(() => held.length >= 50);
  await sleep(100);
  expect(held).toEqual(Array.from({ length: 50 }, (_, at) => `200-${at}`));
  for (const follower of [idle, taking]) await follower.return?.();
  await over;
});
