import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../../helpers/meetings.js";
import { enter, visit } from "../people.js";
import { watchConnections } from "../watching.js";

const MEASURED_MS = 4_000;

/** Everyone is on the same two cores here, each with an encoder for each of the others: a small picture is what they carry. */
async function withSmallPictures(page: Page): Promise<void> {
  await watchConnections(page);
  await page.addInitScript(`{
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = function ({ audio, video }) {
      const small = video && { ...video, width: 160, height: 90, frameRate: 8 };
      return getUserMedia.call(this, { ...(audio && { audio }), ...(small && { video: small }) });
    };
  }`);
}

interface Heard {
  frames: number;
  energy: number;
  /** Of sound and picture, without what carries them. */
  bytes: number;
}

/** Of each of the others, counted since the beginning. */
const fromEach = (page: Page): Promise<Heard[]> =>
  page.evaluate<
    Heard[]
  >(`Promise.all(globalThis.connections.filter(({ connectionState }) => connectionState === "connected").map(
    async (connection) => {
      const heard = { frames: 0, energy: 0, bytes: 0 };
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        heard.frames += report.framesDecoded ?? 0;
        heard.energy += report.totalAudioEnergy ?? 0;
        heard.bytes += report.bytesReceived;
      }
      return heard;
    },
  ))`);

/** Seconds of CPU that all processes of browsers have used, those of this test and of others beside it. */
function browsersCpu(): number {
  const ticks = readdirSync("/proc").map((pid) => {
    try {
      const [name = "", rest = ""] = readFileSync(`/proc/${Number(pid)}/stat`, "utf8").split(") ");
      const fields = rest.split(" ");
      return name.includes("(chrom") ? Number(fields[11]) + Number(fields[12]) : 0;
    } catch {
      return 0;
    }
  });
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

/** @param inside what each does once inside */
async function gather(people: number, inside: (page: Page, number: number) => Promise<unknown>): Promise<Page[]> {
  const gateway = await boot();
  const browser = await openBrowser();
  const meetingId = await createMeeting(gateway);
  const first = await startMeeting(gateway, meetingId, { moderator_name: "P 1" });
  const pages: Page[] = [];
  for (let number = 1; number <= people; number += 1) {
    const link = number === 1 ? first : await joinMeeting(gateway, meetingId, `P ${number}`);
    const size = { width: 400, height: 300, isOwn: true, withDevices: true };
    const { page } = await visit(browser, link, { ...size, before: withSmallPictures });
    await enter(page);
    await page.click("#mic");
    await page.waitForSelector('#mic[aria-pressed="true"]');
    await inside(page, number);
    pages.push(page);
  }
  return pages;
}

/** What everyone hears, sees and costs in a while. */
async function measured(pages: readonly Page[]) {
  const before = await Promise.all(pages.map(fromEach));
  const cpu = browsersCpu();
  await sleep(MEASURED_MS);
  const after = await Promise.all(pages.map(fromEach));
  const cores = ((browsersCpu() - cpu) * 1000) / MEASURED_MS;
  /** By person, of each of the others. */
  const grown = (name: keyof Heard) =>
    after.map((each, at) => each.map((heard, nth) => heard[name] - (before[at]?.[nth]?.[name] ?? 0)));
  return { cores, grown, kilobits: (sum(grown("bytes").flat()) * 8) / MEASURED_MS / pages.length };
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

const rooms = [
  { people: 2, cameras: 2 },
  { people: 4, cameras: 4 },
  { people: 6, cameras: 6 },
];

/** Cores that each of the last room took. A slow machine has none left for a larger one: its pages would not even open in time. */
let taken = 0;
const hasRoomFor = (people: number): boolean => people * taken < 0.9 * availableParallelism();

test.skipIf(!hasBrowser).for(rooms)(
  "of $people people, $cameras with a camera, each hears and sees all others",
  { timeout: 180_000 },
  async ({ people, cameras }, { skip }) => {
    if (!hasRoomFor(people))
      skip(`${people} people who take ${taken.toFixed(2)} cores each are more than this machine has`);
    const pages = await gather(people, async (page, number) => number <= cameras && page.click("#cam"));
    const began = performance.now();
    const within = { timeout: 60_000, interval: 500 };
    for (const [at, page] of pages.entries()) {
      const seen = cameras - (at < cameras ? 1 : 0);
      await expect.poll(async () => (await fromEach(page)).length, within).toBe(people - 1);
      await expect
        .poll(async () => (await fromEach(page)).filter(({ frames }) => frames > 5).length, within)
        .toBeGreaterThanOrEqual(seen);
      await expect.poll(async () => (await fromEach(page)).every(({ energy }) => energy > 0), within).toBe(true);
    }
    const readyMs = Math.round(performance.now() - began);

    const { cores, grown, kilobits } = await measured(pages);
    taken = cores / people;
    expect(
      grown("energy")
        .flat()
        .filter((energy) => energy <= 0),
    ).toEqual([]);
    expect(
      grown("frames")
        .flat()
        .filter((frames) => frames > 0),
    ).toHaveLength(cameras * (people - 1));

    const perPicture = (sum(grown("frames").flat()) * 1000) / MEASURED_MS / Math.max(1, cameras * (people - 1));
    console.info(
      `${people} people, ${cameras} cameras: ${(cores / people).toFixed(2)} cores and ${Math.round(kilobits)} kbit/s down a person, ` +
        `${perPicture.toFixed(1)} pictures/s; all there ${readyMs} ms after the last pressed`,
    );
  },
);

test.skipIf(!hasBrowser)(
  "of twelve people with a microphone, each who speaks is heard by all others, and the muted ones cost next to nothing",
  async () => {
    const people = 12;
    const pages = await gather(people, (page) => page.click("#mic"));
    const within = { timeout: 60_000, interval: 500 };
    for (const page of pages) await expect.poll(async () => (await fromEach(page)).length, within).toBe(people - 1);

    const { cores, kilobits } = await measured(pages);
    console.info(
      `${people} people, all muted: ${(cores / people).toFixed(2)} cores and ${kilobits.toFixed(1)} kbit/s down a person`,
    );
    expect(kilobits).toBeLessThan(5 * (people - 1));

    for (const speaker of pages) {
      const others = pages.filter((page) => page !== speaker);
      const before = await Promise.all(others.map(fromEach));
      await speaker.click("#mic");
      for (const [at, page] of others.entries()) {
        // Of one connection only, because one speaks.
        const louder = async () =>
          (await fromEach(page)).filter(
            ({ energy, bytes }, nth) =>
              energy > (before[at]?.[nth]?.energy ?? 0) && bytes > (before[at]?.[nth]?.bytes ?? 0) + 500,
          ).length;
        await expect.poll(louder, within).toBe(1);
      }
      await speaker.click("#mic");
      await speaker.waitForSelector('#mic[aria-pressed="false"]');
      await sleep(300);
    }
  },
  240_000,
);
