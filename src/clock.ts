/** Where time is read: the one place that asks the machine. */
export interface TimeSource {
  /** Unix milliseconds, as somebody may have put the clock. */
  wall(): number;
  /** Milliseconds from some moment on, which nobody can put. */
  monotonic(): number;
}

export interface Clock {
  /** The instant to be stored: goes on evenly and never back, also when the wall clock is put. */
  now(): Date;
  /** What the wall clock shows, for what is agreed with the world outside: when a license or a token expires. */
  wall(): Date;
  /** For waits and durations, in milliseconds. */
  monotonic(): number;
}

export const machineTime: TimeSource = { wall: () => Date.now(), monotonic: () => performance.now() };

/** More than clocks that are kept right drift apart between two looks. */
const STEP_MS = 1_000;
/** A step forward must last this long before it is believed: some are taken back at once. */
const BELIEVED_AFTER_MS = 60_000;
/** While the wall clock is behind, a hundredth slower: it catches up, and durations stay nearly right. */
const SLOWER = 0.99;
/** Stored instants further ahead than this were written by a clock that was wrong. */
const FURTHEST_AHEAD_MS = 24 * 60 * 60 * 1000;

export interface ClockOptions {
  /** The last instant that was stored: it goes on after this one. */
  after?: Date | undefined;
  log: { warn(facts: object, message: string): void };
}

/** The first instant: not before what is stored, unless that lies where no clock that was right could have put it. */
function firstInstant(wall: number, { after, log }: ClockOptions): number {
  const aheadMs = (after?.getTime() ?? wall) - wall;
  if (aheadMs <= FURTHEST_AHEAD_MS) return wall + Math.max(0, aheadMs);
  log.warn({ aheadMs }, "what is stored is from more than a day ahead of this machine's clock; the clock is believed");
  return wall;
}

export function openClock(source: TimeSource, options: ClockOptions): Clock {
  let last = firstInstant(source.wall(), options);
  let lookedAt = source.monotonic();
  /** Since when the wall clock has been ahead by a step. */
  let aheadSince: number | undefined;
  let isApart = false;

  function note(apartMs: number): void {
    const wasApart = isApart;
    isApart = Math.abs(apartMs) > STEP_MS;
    if (isApart && !wasApart) options.log.warn({ apartMs }, "the machine's clock was put; instants go on evenly");
  }

  return {
    monotonic: () => source.monotonic(),
    wall: () => new Date(source.wall()),
    now() {
      const at = source.monotonic();
      const wall = source.wall();
      const passed = Math.max(0, at - lookedAt);
      lookedAt = at;
      const apart = wall - (last + passed);
      note(apart);
      aheadSince = apart > STEP_MS ? (aheadSince ?? at) : undefined;
      const isBelieved = aheadSince === undefined || at - aheadSince >= BELIEVED_AFTER_MS;
      if (apart < 0) last = Math.max(wall, last + passed * SLOWER);
      else last = isBelieved ? wall : last + passed;
      return new Date(Math.floor(last));
    },
  };
}

/** For an instant that must not lie before what it follows, whoever wrote that. */
export const latest = (...instants: (Date | null)[]): Date =>
  new Date(Math.max(...instants.map((instant) => instant?.getTime() ?? Number.NEGATIVE_INFINITY)));

/** How long a stay or a recording is said to last. */
export const wholeSeconds = (from: Date, until: Date): number => Math.round((until.getTime() - from.getTime()) / 1000);
