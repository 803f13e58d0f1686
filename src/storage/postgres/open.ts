import type { Pool } from "pg";
import { guarded } from "../guarded.js";
import { HeldSnapshots, type Moment, MOST_HELD } from "../held-snapshots.js";
import { makeQueries, type Queries } from "../queries/queries.js";
import * as schema from "../schema/postgres.js";
import type { Demand, LicenseId, Tables } from "../database.js";
import type { Storage } from "../storage.js";
import { StorageUnavailable } from "../unavailable.js";
import { connect, type ConnectionOptions, openPool, runOn } from "./connections.js";
import { postgresDialect } from "./dialect.js";
import { asReadFault } from "./faults.js";
import { Lane } from "./lane.js";
import { demandMigrated } from "./migrations.js";
import { Moments } from "./moments.js";
import { Others } from "./others.js";
import { openHandle, type RunStatement } from "./statements.js";

export interface PostgresOptions {
  /** postgres://user:password@host:port/database, with what libpq's addresses may say besides. */
  url: string;
  /** Reads that run at once, besides the snapshots, and the milliseconds that one may take: beyond that `QueryTooSlow`. */
  reads?: { connections: number; statementMs: number };
  /** Milliseconds that a snapshot may be held; as long as its holder likes, when left out. */
  heldMs?: number;
  /** Hears of what goes wrong where nobody waits for it. */
  onFault?: (error: unknown) => void;
}

/** Of a tool, unless it is told otherwise; further reads wait in line. */
const READS = { connections: 8, statementMs: 5_000 };
const WRITE_MS = 20_000;
/** A server that stands still in the middle of its writes holds up all others' for so long: less than makes them dead. */
const STILL_MS = 3_000;

/** The same names and rows as SQLite's tables; the compiler is told so, and a test holds it to it. */
const tables = schema as unknown as Tables;

const queriesBy = (run: RunStatement, demand?: Demand): Queries =>
  makeQueries({ db: openHandle(run), tables, dialect: postgresDialect, ...(demand && { demand }) });

const faulted =
  (run: RunStatement): RunStatement =>
  (statement, values) =>
    run(statement, values).catch((error: unknown) => Promise.reject(asReadFault(error)));

async function openMoment(pool: Pool): Promise<Moment> {
  const client = await pool.connect().catch((error: unknown) => Promise.reject(asReadFault(error)));
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  } catch (error) {
    client.release(true);
    throw asReadFault(error);
  }
  const close = () =>
    void client.query("COMMIT").then(
      () => client.release(),
      () => client.release(true),
    );
  return { queries: queriesBy(faulted(runOn(client))), close };
}

/** Every commit of a partner's writes an event, and a process says every few seconds that it lives: the later of both. */
async function lastInstant(pool: Pool): Promise<Date | undefined> {
  const { rows } = await pool.query<{ at: number | null }>(
    `SELECT extract(epoch from max(at)) * 1000 AS at FROM (SELECT max(seen_at) AS at FROM instances
      UNION ALL SELECT occurred_at FROM events WHERE seq = (SELECT max(seq) FROM events)) AS instants`,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? undefined : new Date(at);
}

/**
 * Opens the database; it is not migrated.
 * @throws DatabaseNotMigrated, DatabaseTooNew
 */
export async function openPostgres(options: PostgresOptions): Promise<Storage> {
  const { url, reads = READS, onFault = () => {} } = options;
  const reading: ConnectionOptions = { url, statementMs: reads.statementMs };
  const writing: ConnectionOptions = { url, statementMs: WRITE_MS, idleMs: STILL_MS };
  const listeners: ((changed: ReadonlySet<LicenseId>) => void)[] = [];
  const elsewhere: ((changed: LicenseId) => void)[] = [];
  const lane: Lane = new Lane({
    connect: (onLost) => connect(writing, onLost),
    beforeAnswer: (changed) => {
      for (const listener of listeners) listener(changed);
    },
  });
  const others = new Others({
    connect: (onLost) => connect(writing, onLost),
    isOurs: (backend) => lane.isOurs(backend),
    heard: (license) => {
      for (const listener of elsewhere) listener(license);
    },
    told: onFault,
  });
  const pool = openPool(reading, reads.connections, onFault);
  const momentPool = openPool(reading, MOST_HELD, onFault);
  const moments = new Moments(pool);
  const demand = () => {};
  const told = () => {};
  const held = new HeldSnapshots({
    ...options,
    open: () => openMoment(momentPool),
    onFree: () => undefined,
    demand,
    told,
  });
  const tx = queriesBy(lane.works.run, lane.works.demand);
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await lane.drain();
    held.close();
    await Promise.all([lane.close(), others.close(), pool.end(), momentPool.end()]);
  };
  const ask = async (what: string) => {
    await pool.query(what).catch((error: unknown) => Promise.reject(asReadFault(error)));
  };

  const read = guarded({ before: demand, told }, queriesBy(faulted(moments.run)));

  try {
    await lane.begin();
    await demandMigrated(lane.client);
    await others.begin();
    const last = await lastInstant(pool);
    return {
      read,
      moment: moments.views(read),
      snapshot: (holder) => held.take(holder),
      async transaction(work) {
        if (closed) throw new StorageUnavailable("the database is closed");
        return lane.write(() => work(tx));
      },
      isShared: true,
      // A server has it, and says by itself whether it is there.
      outOfPlace: "the database is away",
      isInPlace: () => true,
      inspect: () => ask("SELECT 1"),
      // What a replica refuses, whose primary is elsewhere now.
      check: () => ask("SELECT 1 / (NOT pg_is_in_recovery())::integer"),
      lastInstant: last,
      onCommit: (listener) => void listeners.push(listener),
      onCommitElsewhere: (listener) => void elsewhere.push(listener),
      commitsElsewhere: () => others.commits(),
      untoldElsewhere: () => others.untold(),
      heardAll: (areOthers) => (areOthers || others.isInCompany ? others.heardAll() : undefined),
      close,
      discard: () => void close(),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
