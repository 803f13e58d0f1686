import type { Database as Connection } from "better-sqlite3";

export interface TurnSnapshot {
  /** Opens this turn's snapshot where none is open; call it before each read. */
  begin(): void;
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
  return {
    begin() {
      if (reader.inTransaction) return;
      begin.run();
      setImmediate(endLater);
    },
    end,
  };
}
