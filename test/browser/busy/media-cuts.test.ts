import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { hasHosts, openNetwork } from "../../helpers/network.js";
import { attendances } from "../../room/rows.js";
import { enter, visit } from "../people.js";
import { counted, endsOf, watchConnections } from "../watching.js";

/** Two people, each on a machine of their own, who see and hear each other. */
async function twoApart() {
  const network = openNetwork();
  const gateway = await boot({ env: { HOST: network.address } });
  const meetingId = await createMeeting(gateway);
  const started = await startMeeting(gateway, meetingId, { moderator_name: "Noor" });
  const links = [started, await joinMeeting(gateway, meetingId, "Dana")];
  const people = await Promise.all(
    links.map(async (link) => {
      const host = await network.host(gateway.url);
      const { page } = await visit(host.browser, link, {
        width: 500,
        height: 400,
        isOwn: true,
        withDevices: true,
        before: watchConnections,
      });
      await enter(page);
      await page.click("#mic");
      await page.click("#cam");
      return { host, page };
    }),
  );
  const [noor, dana] = people as [(typeof people)[0], (typeof people)[0]];
  return { noor, dana, rows: () => attendances(gateway, sessionOf(started)) };
}

/** @returns after how many milliseconds pictures and sound come again, to both */
async function flowAgain(pages: readonly Page[], withinMs: number): Promise<number> {
  const since = performance.now();
  for (const page of pages) {
    const { frames, energy } = await counted(page);
    const options = { timeout: Math.max(500, withinMs - (performance.now() - since)), interval: 100 };
    await expect.poll(async () => (await counted(page)).frames, options).toBeGreaterThan(frames + 3);
    await expect.poll(async () => (await counted(page)).energy, options).toBeGreaterThan(energy);
  }
  return Math.round(performance.now() - since);
}

/** Nothing comes: counted twice, when what was on its way is here. */
async function nothingComes(page: Page): Promise<void> {
  await sleep(1_500);
  const before = await counted(page);
  await sleep(1_500);
  expect((await counted(page)).frames).toBe(before.frames);
}

const cases = [
  { what: "a cable that was out for 10 seconds", cutMs: 10_000 },
  { what: "a cable that was out for 25 seconds", cutMs: 25_000 },
] as const;

test.skipIf(!hasBrowser || !hasHosts).each(cases)(
  "sound and picture come back by themselves after $what, and nobody is inside twice",
  async ({ what, cutMs }) => {
    const { noor, dana, rows } = await twoApart();
    await flowAgain([noor.page, dana.page], 20_000);
    dana.host.cut();
    await nothingComes(noor.page);
    await nothingComes(dana.page);
    await sleep(cutMs - 6_000);
    dana.host.mend();
    const ms = await flowAgain([noor.page, dana.page], 15_000);
    console.info(`${what}: back after ${ms} ms`);
    expect((await rows()).map(({ leftAt, stays }) => [leftAt, stays.length])).toEqual([
      [null, 1],
      [null, 1],
    ]);
  },
  90_000,
);

test.skipIf(!hasBrowser || !hasHosts)(
  "sound and picture come back by themselves under another address of one's own, and nobody is inside twice",
  async () => {
    const { noor, dana, rows } = await twoApart();
    await flowAgain([noor.page, dana.page], 20_000);
    const moved = dana.host.moveElsewhere();
    expect(dana.host.address()).toBe(moved);
    const since = performance.now();
    // Under the old one nothing can come: the way must be another.
    const seen = async () => (await endsOf(noor.page)).at(-1)?.address;
    await expect.poll(seen, { timeout: 20_000, interval: 100 }).toBe(moved);
    await flowAgain([noor.page, dana.page], 5_000);
    console.info(`another address: back after ${Math.round(performance.now() - since)} ms`);
    expect((await rows()).map(({ leftAt, stays }) => [leftAt, stays.length])).toEqual([
      [null, 1],
      [null, 1],
    ]);
  },
  90_000,
);
