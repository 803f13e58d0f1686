/** Bounds of docs/limits.md that hold where the database is PostgreSQL. */
export const postgresRows: Record<string, [of: string, unit?: number]> = {
  "On PostgreSQL, reads that run at once": ["config.databaseConnections"],
  "On PostgreSQL, one statement that reads": ["config.databaseSeconds", 1000],
  "On PostgreSQL, one that writes": ["open.ts WRITE_MS"],
  "On PostgreSQL, all migrations": ["migrations.ts MIGRATION_MS"],
  "Opening a connection to it, and the answer of a network that is gone": ["connections.ts CONNECT_MS"],
  "A connection to it is used for": ["connections.ts LIFETIME_MS"],
  "Times that writes are run that other processes' writes stand in the way of": ["lane.ts MOST_TRIES"],
  "Between two of these, at first": ["lane.ts WAIT_MS"],
  "After two servers' writes clashed, one's run alone for": ["lane.ts ALONE_MS"],
  "It is asked whether a write was stored whose answer was lost, for": ["lane.ts DOUBT_MS"],
  "Writes whose connection breaks are made again on another, within": ["lane.ts PATIENCE_MS"],
  "A server may stand still in the middle of its writes for": ["open.ts STILL_MS"],
  "A connection that listens is opened again after": ["others.ts LOOK_AGAIN_MS"],
  "It is asked whether it still hears, every": ["others.ts ASK_MS"],
  "It may take for that, before it is taken for dead": ["others.ts ANSWER_MS"],
  "After another process was heard of, calls first ask what it did, for": ["others.ts IN_COMPANY_MS"],
  "Beats that a server misses until the others take it for dead": ["neighbours.ts MISSED_BEATS"],
  "Opening a line to another server": ["lines.ts CONNECT_MS"],
  "One message on such a line": ["lines.ts MOST_BYTES"],
  "A room's server that can't be reached is looked for again after": ["passing-on.ts LOOK_AGAIN_MS"],
  "How long, before the person is asked to come again": ["passing-on.ts PATIENCE_MS"],
  "Another server has heard what a room is told, within": ["tellers.ts ANSWER_MS"],
  "So much is told at once": ["tellers.ts MOST_TOGETHER"],
  "What it did not hear it is told again after": ["telling.ts PAUSE_MS"],
  "How long": ["telling.ts TRY_FOR_MS"],
  "What servers sign for one another is good for": ["server-words.ts GOOD_FOR_MS"],
};

/** Of lists that are written piece by piece, from a moment that is held. */
export const listRows: typeof postgresRows = {
  "Rows of a v1 list that are read at once": ["operations.ts V1_PAGE_LIMIT"],
  "Rows of such a piece": ["operations.ts PIECE_ROWS"],
  "Rows of v1 lists that are read in one turn, all together": ["list-turns.ts ROWS_A_TURN"],
  "Such snapshots held at once": ["held-snapshots.ts MOST_HELD"],
  "The same of one license": ["held-snapshots.ts MOST_OF_ONE"],
  "Lists that wait in that line": ["held-snapshots.ts MOST_IN_LINE"],
  "How long a snapshot is held": ["timings.snapshot"],
  "What a snapshot keeps in memory of the file": ["open.ts MOMENT_CACHE_KIB", 1024],
};

/** Of what lines leave for files. */
export const descriptorRows: typeof postgresRows = {
  "Descriptors (`ulimit -n`) that lines leave for files: an eighth, and at least": ["descriptors.ts LEAST_KEPT_BACK"],
  "And at most": ["descriptors.ts MOST_KEPT_BACK"],
  "That lines are cut because all are taken is logged every": ["servers.ts TELL_FULL_MS"],
};

/** Of SQLite's write-ahead log. */
export const logRows: typeof postgresRows = {
  "The write-ahead log at rest": ["log-mover.ts WAL_LIMIT_BYTES"],
  "What a longer one gives back each time it begins anew": ["log-mover.ts GIVEN_BACK_BYTES"],
  "Pages of it that another thread moves into the file together": ["log-mover.ts MOVED_FROM_PAGES"],
  "Pages that were written meanwhile and are moved here": ["log-mover.ts LEFT_PAGES"],
  "While somebody reads what was before, moving is tried again after": ["log-mover.ts AGAIN_MS"],
  "Where that thread failed, the connection that writes does its work for": ["log-mover.ts FAILED_MS"],
  "That thread ends when there was nothing to move for": ["log-mover.ts IDLE_MS"],
  "What that thread's JavaScript may take": ["log-mover.ts MOST_MEMORY", 1024 * 1024],
};
