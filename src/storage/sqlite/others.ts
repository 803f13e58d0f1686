import type { Database as Connection } from "better-sqlite3";
import { atTurnsEnd } from "../../turns-end.js";
import type { Storage } from "../storage.js";

export interface Others {
  /** Another number as soon as another process has committed. */
  commits(): number;
  /** Whether none has since this was made. */
  haveNone(): boolean;
}

/** Which question of a turn is the first one that it is worth to hold the lock for. */
const HOLDS_FROM = 4;

interface Watching {
  /** Called when a commit is noticed. */
  onCommit: () => void;
  /** Holds the file's lock until the turn's end. */
  hold: () => void;
}

/** Other processes' commits, as this process' only writing connection sees them. */
export function watchOthers(writer: Connection, { onCommit, hold }: Watching): Others {
  // Prepared, it takes a microsecond.
  const version = writer.prepare<[], number>("PRAGMA data_version").pluck();
  const ask = () => version.get() ?? 0;
  const first = ask();
  let seen = first;
  let asked = 0;
  const endTurn = () => (asked = 0);
  return {
    commits() {
      asked += 1;
      if (asked === 1) atTurnsEnd(endTurn);
      else if (asked === HOLDS_FROM) hold();
      const now = ask();
      if (now !== seen) onCommit();
      seen = now;
      return now;
    },
    haveNone: () => ask() === first,
  };
}

type Elsewhere = Pick<Storage, "commitsElsewhere" | "untoldElsewhere" | "onCommitElsewhere" | "heardAll">;

/** No process hears of another one here: it looks. @param demand throws where a read would be refused */
export function lookingElsewhere(others: Others, demand: () => void): Elsewhere {
  const commitsElsewhere = () => {
    demand();
    return others.commits();
  };
  return {
    commitsElsewhere,
    untoldElsewhere: commitsElsewhere,
    onCommitElsewhere: () => {},
    heardAll: () => undefined,
  };
}
