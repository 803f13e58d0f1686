import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import type { Database as Connection } from "better-sqlite3";
import { StorageUnavailable } from "../unavailable.js";
import { asStorageFault } from "./faults.js";

type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };
type Job = { work: () => Promise<unknown>; settle: (outcome: Outcome) => void };

/** Works that share one transaction at most. */
const MOST_TOGETHER = 64;

export interface GroupCommitOptions {
  /** See MOST_TOGETHER. */
  maxGroup?: number;
  /** Called when a group did not end in the turn it began in: some work awaited more than its own queries. */
  onSlow?: () => void;
  /** Called as the last thing inside the transaction; where it throws, nothing of the group is stored. */
  beforeCommit?: () => void;
  /** Called after the commit and before anyone is answered. */
  beforeAnswer?: () => void;
}

export interface GroupCommit {
  /** @throws StorageUnavailable when the group could not be committed; whatever `work` threw, after the commit. */
  write<T>(work: () => Promise<T>): Promise<T>;
  drain(): Promise<void>;
}

const texts = ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT work", "RELEASE work", "ROLLBACK TO work"] as const;

function statements(writer: Connection) {
  const prepared = new Map(texts.map((text) => [text, writer.prepare(text)]));
  return (...run: (typeof texts)[number][]) => {
    for (const text of run) prepared.get(text)?.run();
  };
}

/** One for the process: on Node 20 and 22 each further one makes every promise dearer, for as long as it runs. */
const inside = new AsyncLocalStorage<{ open: boolean }>();

/**
 * Works queued in one turn of the event loop run one after the other, a savepoint each, inside one
 * `BEGIN IMMEDIATE … COMMIT`: sixteen writes cost one flush to disk. Refusals too are answered after the commit,
 * because they may rest on a neighbour's row that is not yet stored.
 */
export function groupCommit(writer: Connection, options: GroupCommitOptions = {}): GroupCommit {
  const { maxGroup = MOST_TOGETHER, onSlow = () => {}, beforeCommit = () => {}, beforeAnswer = () => {} } = options;
  const say = statements(writer);
  const waiting: Job[] = [];
  let scheduled = false;
  let running: Promise<void> = Promise.resolve();

  async function runOne(job: Job): Promise<Outcome> {
    say("SAVEPOINT work");
    try {
      const value = await job.work();
      say("RELEASE work");
      return { ok: true, value };
    } catch (error) {
      // A full disk and its like may already have rolled everything back: then there is no savepoint left.
      if (!writer.inTransaction) throw error;
      say("ROLLBACK TO work", "RELEASE work");
      return { ok: false, error: asStorageFault(error) };
    }
  }

  async function commit(group: Job[]): Promise<void> {
    const outcomes: Outcome[] = [];
    const late = setImmediate(onSlow);
    try {
      say("BEGIN IMMEDIATE");
      for (const job of group) outcomes.push(await runOne(job));
      beforeCommit();
      say("COMMIT");
    } catch (cause) {
      if (writer.inTransaction) say("ROLLBACK");
      const error = new StorageUnavailable("the group could not be committed", { cause });
      for (const job of group) job.settle({ ok: false, error });
      return;
    } finally {
      clearImmediate(late);
    }
    beforeAnswer();
    for (const [at, job] of group.entries()) job.settle(outcomes[at] as Outcome);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      running = running.then(async () => {
        scheduled = false;
        const group = waiting.splice(0, maxGroup);
        if (waiting.length > 0) schedule();
        if (group.length > 0) await commit(group);
      });
    });
  }

  return {
    write<T>(work: () => Promise<T>): Promise<T> {
      if (inside.getStore()?.open) {
        return Promise.reject(new Error("a transaction inside a transaction would wait for itself"));
      }
      // Closed with the answer, so that what the work left behind (a timer) may write later.
      const mark = { open: true };
      return new Promise<T>((resolve, reject) => {
        const settle = (outcome: Outcome) => {
          mark.open = false;
          if (outcome.ok) resolve(outcome.value as T);
          else reject(outcome.error);
        };
        // Bound: it runs from another request's turn and must still see its own request's context.
        waiting.push({ work: AsyncResource.bind(() => inside.run(mark, work)), settle });
        schedule();
      });
    },
    async drain() {
      // oxlint-disable-next-line no-unmodified-loop-condition -- flush() changes it between the turns
      while (waiting.length > 0 || scheduled) {
        await new Promise((resolve) => setImmediate(resolve));
        await running;
      }
      await running;
    },
  };
}
