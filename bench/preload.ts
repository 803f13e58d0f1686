import { monitorEventLoopDelay } from "node:perf_hooks";

// Loaded into every server that is measured (`node --import`), so that all are asked the same way.

/** What a server has used so far. */
export interface Used {
  /** Microseconds of CPU of all its threads, in its own code and in the system's for it. */
  cpu: number;
  /** Bytes of memory that are resident now, and the most that ever were. */
  rss: number;
  peak: number;
  /** Bytes of the heap in use; after a collection where the server was started with `--expose-gc`. */
  heap: number;
  /** Milliseconds by which the event loop came late since the last question, 99.9th percentile and at most. */
  late: number;
  latest: number;
}

const delay = monitorEventLoopDelay({ resolution: 1 });
const NS_IN_MS = 1e6;

function used(): Used {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const peak = process.resourceUsage().maxRSS * 1024;
  const late = delay.percentile(99.9) / NS_IN_MS;
  const latest = delay.max / NS_IN_MS;
  delay.reset();
  return { cpu: user + system, rss, peak, heap: heapUsed, late, latest };
}

process.on("message", (question) => {
  if (question === "watch") delay.enable();
  process.send?.(used());
});
// Without whoever measures there is nothing to do.
process.on("disconnect", () => process.exit());
