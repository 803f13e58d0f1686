import { expect, test } from "vitest";
import { overSocket } from "../graphql/live/clients.js";
import type { Gateway } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { bootSeveral } from "./several.js";

test("what happens at one server is told at once to who follows at another", async () => {
  const { gateways } = await bootSeveral(2);
  const [one, other] = gateways as [Gateway, Gateway];
  const heard = overSocket(other, { license: other.key }, { query: "subscription { sessionStarted { occurredAt } }" });
  await expect.poll(() => other.opened.services.feed.followed).toBe(1);
  const waits: number[] = [];
  for (let nth = 0; nth < 5; nth += 1) {
    await startMeeting(one, await createMeeting(one));
    const at = performance.now();
    await heard.next();
    waits.push(performance.now() - at);
  }
  // A look each second would be half a second late.
  expect(Math.min(...waits)).toBeLessThan(100);
});

test("a server forgets of what it remembers only what another one changed", async () => {
  const { gateways } = await bootSeveral(2);
  const [one, other] = gateways as [Gateway, Gateway];
  const { key } = await one.license();
  const titles = async () =>
    (await other.v1("list_meetings", { key })).body.data.map(({ title }: { title: string }) => title);
  expect(await titles()).toEqual([]);
  const { knownCallers } = other.opened.services;
  const reads: string[] = [];
  const read = knownCallers.read.bind(knownCallers);
  knownCallers.read = (hash, how) => (reads.push(hash), read(hash, how));
  await other.v1("list_meetings");
  await createMeeting(one, { title: "new" }, { key });
  await expect.poll(titles, { interval: 5 }).toEqual(["new"]);
  const before = reads.length;
  await other.v1("list_meetings");
  // The other license's caller is known as before.
  expect(reads.length).toBe(before);
});
