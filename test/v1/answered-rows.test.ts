import { expect } from "vitest";
import { environmentFor, ofFiles, temporaryFolder } from "../helpers/databases.js";
import { tenSettings } from "../helpers/meetings.js";
import { demoKeyOf, run, stop } from "../start/process.js";
import { multiply } from "./calls.js";

const LINES = 32;
const TIMES = 8;
/** A list of a thousand meetings is made of about 1.4 MB. */
const MOST_KEPT = 60_000;

/** Bytes that collections of the young generation handed on to the old one, so many milliseconds after the start or later. */
const promotedFrom = (ms: number, out: string): number =>
  [...out.matchAll(/ (\d+) ms: .*gc=s .* promoted=(\d+)/g)]
    .filter(([, at]) => Number(at) >= ms)
    .reduce((sum, [, , bytes]) => sum + Number(bytes), 0);

// The rows of PostgreSQL come bit by bit, beside those of seven other lists: a sixth of them (240 kB of a list) is handed on.
ofFiles(
  "the rows of lists that had to wait for their turn are forgotten with their answers, not kept until a long collection",
  async () => {
    const folder = temporaryFolder();
    const env = { PORT: "0", ...(await environmentFor(folder)), ANSWER_CACHE_MB: "0" };
    const begun = performance.now();
    const started = run([process.execPath, "--trace-gc-nvp", "dist/main.js"], env);
    const url = await started.url();
    const headers = { license: demoKeyOf(started.out()) ?? "", "content-type": "application/json" };
    const body = JSON.stringify({ title: "one of many", meeting_setting: tenSettings() });
    await fetch(`${url}/api/v1/create_meeting`, { method: "POST", headers, body });
    multiply({ folder }, "meetings", 999);

    const list = async (): Promise<number> => {
      const answer = await fetch(`${url}/api/v1/list_meetings`, { headers });
      return (await answer.text()).split("one of many").length - 1;
    };
    /** Each line asks again as soon as it is answered, so that all others always wait. */
    const listOnAllLines = async (times: number) => {
      const line = async () => {
        for (let time = 0; time < times; time += 1) expect(await list()).toBe(1_000);
      };
      await Promise.all(Array.from({ length: LINES }, line));
    };
    // What a server makes at its first lists, it keeps.
    await listOnAllLines(2);
    const warmAt = performance.now() - begun;
    await listOnAllLines(TIMES);
    // V8 tells it all by then.
    await stop(started);
    expect(promotedFrom(warmAt, started.out())).toBeLessThan(MOST_KEPT * LINES * TIMES);
  },
  30_000,
);
