import type { Database as Connection } from "better-sqlite3";
import { atTurnsEnd } from "../../turns-end.js";

export interface TurnSnapshot {
  /** Opens this turn's snapshot where none is open; call it before each read. */
  begin(): void;
  /** Likewise, and has it hold the file's lock, so that other connections of this process need not ask the system for it. */
  hold(): void;
  /** Leaves the snapshot, so that the next read sees what was committed since. */
  end(): void;
}

/**
 * All reads of one turn of the event loop see one snapshot: drizzle on better-sqlite3 answers in microtasks, so the
 * reads of one operation stay inside the turn they began in, and no other process' commit comes between them.
 */
export function snapshotPerTurn(reader: Connection, told: (error: unknown) => unknown): TurnSnapshot {
  const begin = reader.prepare("BEGIN");
  const commit = reader.prepare("COMMIT");
  /** The least that is a read. */
  const read = reader.prepare("PRAGMA data_version");
  // Asked, not remembered: a read that fails badly (a broken disk) has left the snapshot by itself.
  const end = () => {
    if (reader.inTransaction) commit.run();
  };
  /** Nobody waits for this one, so what it meets is only told. */
  const endLater = () => {
    try {
      end();
    } catch (error) {
      told(error);
    }
  };
  const beginOnce = () => {
    if (reader.inTransaction) return;
    begin.run();
    atTurnsEnd(endLater);
  };
  return {
    begin: beginOnce,
    hold() {
      beginOnce();
      read.get();
    },
    end,
  };
}
