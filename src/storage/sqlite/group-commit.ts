import { AsyncResource } from "node:async_hooks";
import type { Database as Connection } from "better-sqlite3";
import { MOST_TOGETHER } from "../storage.js";
import { StorageUnavailable } from "../unavailable.js";
import { asStorageFault } from "./faults.js";

type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };
type Job = { work: () => Promise<unknown>; settle: (outcome: Outcome) => void };

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

/**
 * Works queued in one turn of the event loop run one after the other, a savepoint each, inside one
 * `BEGIN IMMEDIATE … COMMIT`: sixteen writes cost one flush to disk. Refusals too are answered after the commit,
 * because they may rest on a neighbour's row that is not yet stored.
 */
export function groupCommit(writer: Connection, options: GroupCommitOptions = {}): GroupCommit {
  const { maxGroup = MOST_TOGETHER, onSlow = () => {}, beforeCommit = () => {}, beforeAnswer = () => {} } = options;
  const say = statements(writer);
  const waiting: Job[] = [];
  let isScheduled = false;
  let isRunning = false;
  /** A group's works run, and since they began nobody else had a turn: whoever writes now is one of them. */
  let isAlone = false;

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

  /** @returns nothing where the group could not be committed, and all of it has been told so */
  async function commit(group: Job[]): Promise<Outcome[] | undefined> {
    const outcomes: Outcome[] = [];
    const late = setImmediate(() => {
      isAlone = false;
      onSlow();
    });
    try {
      say("BEGIN IMMEDIATE");
      isAlone = true;
      for (const job of group) outcomes.push(await runOne(job));
      beforeCommit();
      say("COMMIT");
      return outcomes;
    } catch (cause) {
      if (writer.inTransaction) say("ROLLBACK");
      const error = new StorageUnavailable("the group could not be committed", { cause });
      for (const job of group) job.settle({ ok: false, error });
      return undefined;
    } finally {
      isAlone = false;
      clearImmediate(late);
    }
  }

  async function runGroup(): Promise<void> {
    isScheduled = false;
    isRunning = true;
    const group = waiting.splice(0, maxGroup);
    const outcomes = await commit(group);
    if (outcomes) {
      beforeAnswer();
      for (const [at, job] of group.entries()) job.settle(outcomes[at] as Outcome);
    }
    isRunning = false;
    schedule();
  }

  /** Each group in a turn of its own, so that nobody's promises but its works' are answered beside it. */
  function schedule(): void {
    if (isScheduled || isRunning || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => void runGroup());
  }

  return {
    write<T>(work: () => Promise<T>): Promise<T> {
      if (isAlone) return Promise.reject(new Error("a transaction inside a transaction would wait for itself"));
      return new Promise<T>((resolve, reject) => {
        const settle = (outcome: Outcome) => {
          if (outcome.ok) resolve(outcome.value as T);
          else reject(outcome.error);
        };
        // It runs in another turn and must still see its own request's context, where anybody keeps one.
        const context = new AsyncResource("write");
        waiting.push({ work: () => context.runInAsyncScope(work), settle });
        schedule();
      });
    },
    async drain() {
      // oxlint-disable-next-line no-unmodified-loop-condition -- the groups change it between the turns
      while (waiting.length > 0 || isScheduled || isRunning) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
