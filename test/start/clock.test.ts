import { v7 as newId } from "uuid";
import { afterEach, describe, expect, test, vi } from "vitest";
import { latest, openClock } from "../../src/clock.js";

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** A machine whose time goes as told, and whose wall clock is put as told. */
function machine(after?: Date) {
  let passed = 0;
  let put = 0;
  const warnings: string[] = [];
  const source = { wall: () => START + passed + put, monotonic: () => passed };
  const clock = openClock(source, { after, log: { warn: (_, message) => void warnings.push(message) } });
  return {
    clock,
    warnings,
    pass: (ms: number) => void (passed += ms),
    put: (ms: number) => void (put += ms),
    /** Since the beginning, in milliseconds. */
    now: () => clock.now().getTime() - START,
  };
}

afterEach(() => void vi.restoreAllMocks());

describe("instants", () => {
  test("follow the wall clock as long as nobody puts it, also where it drifts", () => {
    const { now, pass, put, warnings } = machine();
    pass(5_000);
    expect(now()).toBe(5_000);
    put(3);
    expect(now()).toBe(5_003);
    expect(warnings).toEqual([]);
  });

  test("never go back, go on while the clock is behind, and let it catch up", () => {
    const { now, pass, put, warnings } = machine();
    pass(HOUR);
    expect(now()).toBe(HOUR);
    put(-HOUR);
    expect(now()).toBe(HOUR);
    pass(10_000);
    expect(now()).toBe(HOUR + 9_900);
    expect(warnings).toHaveLength(1);
    pass(100 * HOUR);
    expect(now()).toBe(100 * HOUR + 10_000);
  });

  test("do not follow a clock that is put forward for a moment, and follow one that stays there", () => {
    const { now, pass, put } = machine();
    put(2 * HOUR);
    expect(now()).toBe(0);
    pass(30_000);
    expect(now()).toBe(30_000);
    put(-2 * HOUR);
    pass(1_000);
    expect(now()).toBe(31_000);
    put(2 * HOUR);
    expect(now()).toBe(31_000);
    pass(60_000);
    expect(now()).toBe(2 * HOUR + 91_000);
  });

  test("go on after what is stored, unless that lies more than a day ahead", () => {
    const ahead = machine(new Date(START + HOUR));
    expect(ahead.now()).toBe(HOUR);
    ahead.pass(1_000);
    expect(ahead.now()).toBe(HOUR + 990);
    expect(machine(new Date(START - HOUR)).now()).toBe(0);
    const wrong = machine(new Date(START + 25 * HOUR));
    expect([wrong.now(), wrong.warnings.length]).toEqual([0, 1]);
  });

  test("of several the latest is taken, whatever is missing", () => {
    expect(latest(new Date(1), null, new Date(3), new Date(2))).toEqual(new Date(3));
  });
});

test("ids keep their order when the clock is put back", () => {
  const at = Date.now();
  const clock = vi.spyOn(Date, "now");
  const ids = [0, 5, -HOUR, -HOUR, -HOUR + 1, 6].map((ms) => {
    clock.mockReturnValue(at + HOUR + ms);
    return newId();
  });
  expect(ids.toSorted()).toEqual(ids);
});
