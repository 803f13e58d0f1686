/** Whatever else a database's advisory locks are used for: "vc", and a word each. */
const OURS = 0x7663;

/** By `pg_advisory_lock`'s two numbers; the server frees one the moment its holder's connection ends. */
export const LOCKS = {
  migration: [OURS, 2],
  /** Taken by the database's own trigger, from an event until its commit. */
  events: [OURS, 3],
  /** Of each group of writes, until it is over: shared, or by one alone that has met another's. */
  writes: [OURS, 4],
} as const;
