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
  /** Called when a transaction has begun. */
  begun?: () => void;
  /** Called after each of its works. @param isKept whether what it wrote stays */
  worked?: (isKept: boolean) => void;
  /** Called as the last thing inside the transaction, and awaits only queries; where it throws, nothing of it is stored. */
  beforeCommit?: () => Promise<void>;
  /** Called after the commit, or where there was nothing to commit, and before anyone is answered. */
  beforeAnswer?: () => void;
  /** Called when everyone was answered. */
  afterAnswer?: () => void;
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

/** Runs a group's works in one transaction. */
function transactions(writer: Connection, options: GroupCommitOptions) {
  const { onSlow = () => {}, begun = () => {}, worked = () => {}, beforeCommit = async () => {} } = options;
  const say = statements(writer);
  /** A group's works run, and since they began nobody else had a turn: whoever writes now is one of them. */
  let isAlone = false;

  async function runOne(job: Job): Promise<Outcome> {
    say("SAVEPOINT work");
    try {
      const value = await job.work();
      say("RELEASE work");
      worked(true);
      return { ok: true, value };
    } catch (error) {
      // A full disk and its like may already have rolled everything back: then there is no savepoint left.
      if (!writer.inTransaction) throw error;
      worked(false);
      say("ROLLBACK TO work", "RELEASE work");
      return { ok: false, error: asStorageFault(error) };
    }
  }

  /** Without neighbours it needs no savepoint: where it is refused, all there is to keep is nothing. */
  async function runLone(job: Job): Promise<Outcome> {
    try {
      const value = await job.work();
      worked(true);
      return { ok: true, value };
    } catch (error) {
      if (!writer.inTransaction) throw error;
      worked(false);
      say("ROLLBACK");
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
      begun();
      const run = group.length === 1 ? runLone : runOne;
      for (const job of group) outcomes.push(await run(job));
      if (group.length === 1 && !outcomes[0]?.ok) return outcomes;
      await beforeCommit();
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

  return { commit, isAlone: () => isAlone };
}

/**
 * Works queued in one turn of the event loop run one after the other, a savepoint each where they are several, inside one
 * `BEGIN IMMEDIATE … COMMIT`: sixteen writes cost one flush to disk. Refusals too are answered after the commit,
 * because they may rest on a neighbour's row that is not yet stored; a lone work that is refused stores nothing.
 */
export function groupCommit(writer: Connection, options: GroupCommitOptions = {}): GroupCommit {
  const { maxGroup = MOST_TOGETHER, beforeAnswer = () => {}, afterAnswer = () => {} } = options;
  const { commit, isAlone } = transactions(writer, options);
  const waiting: Job[] = [];
  let isScheduled = false;
  let isRunning = false;

  async function runGroup(): Promise<void> {
    isScheduled = false;
    isRunning = true;
    const group = waiting.splice(0, maxGroup);
    const outcomes = await commit(group);
    if (outcomes) {
      beforeAnswer();
      for (const [at, job] of group.entries()) job.settle(outcomes[at] as Outcome);
      afterAnswer();
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
      if (isAlone()) return Promise.reject(new Error("a transaction inside a transaction would wait for itself"));
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
