/** How long things last, in milliseconds; not for operators, but tests shorten them. */
export const timings = {
  /** A request's whole body must be here by then. */
  request: 30_000,
  /** A request's headers must be here by then, and a new line must have sent some. */
  headers: 10_000,
  /** An answer may be on its way for this long, and its reader's speed is measured over windows. */
  answer: 300_000,
  readWindow: 20_000,
  /** One moment may be read for this long, by an answer that is written piece by piece. */
  snapshot: 120_000,
  /** A person's place is held this long after the line broke (leave-2). */
  hold: 15_000,
  ping: 20_000,
  /** The first frame of a room's socket must be here by then (enter-2). */
  firstFrame: 10_000,
  /** After a start, who is back by then goes on with the same stay (drain-1). */
  recover: 30_000,
  heartbeat: 2_000,
  sweep: 1_000,
  /** A call waits this long for the engine, or for another call's start (start-5). */
  engineWait: 15_000,
  /** Who was sent on to an engine elsewhere takes a place for this long, until it tells of them. */
  onTheWay: 90_000,
  /** So often is each engine elsewhere asked what is in its rooms. */
  follow: 15_000,
  /** To an engine elsewhere: until there is a line; a call; opening a room; and asking what became of either. */
  engineConnect: 5_000,
  engineCall: 10_000,
  engineCreate: 12_000,
  engineAsk: 3_000,
  /** An engine that does not answer is left alone for this long. */
  enginePause: 10_000,
  /** So often is each engine elsewhere asked whether it is there, and so long may it take to answer. */
  engineCheck: 10_000,
  /** So often is counted what the engines have to do; what starts meanwhile counts at once. */
  engineLoad: 5_000,
  /** A session half opened or half closed for this long has nobody working on it; longer than any engine call. */
  stuck: 20_000,
  /** What people write in a room's notes is stored so soon after. */
  keepNotes: 3_000,
  /** A moderator's page that was asked to record says within this that it does, or another's is asked. */
  recordAsked: 10_000,
  /** What was recorded before a stop, or the session's end, may still come for so long. */
  recordGrace: 5 * 60_000,
  /** So often is looked for sessions that are over and have something to be made of what was recorded. */
  recordSweep: 30_000,
  /** Making a recording may take so long, and a second more for each MB. */
  recordJoin: 60_000,
  drain: 8_000,
  /** While it shuts down, a line that is kept for a next request is closed after this: one may be on its way. */
  lastRequests: 500,
  /** So often is each live line of the graph looked at: is its caller still let in, does it read? */
  liveCheck: 4_000,
  /** A subscription that is held is paid again after this. */
  heldMinute: 60_000,
};

export type Timings = Readonly<typeof timings>;
