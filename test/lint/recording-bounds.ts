/** The rows of what is recorded in rooms of the built-in engine. */
export const recordingRows: Record<string, [of: string, unit?: number]> = {
  "All recordings of one license": ["recordings.mostBytesPerLicense"],
  "What the disk must have left beside recordings": ["recordings.freeBytes"],
  "One piece of what is recorded": ["recordings.ts MOST_PIECE_BYTES"],
  "How long a page may send with one token": ["signing.ts TOKEN_SECONDS", 1000],
  "Who was asked to record says so within": ["timings.recordAsked"],
  "What was recorded before a stop or the end is taken for": ["timings.recordGrace"],
  "Sessions that are over and were recorded are looked for every": ["timings.recordSweep"],
  "Tries to make a recording that end with the process": ["processing.ts MOST_ATTEMPTS"],
  "The address of a recording's file is good for": ["signing.ts MEDIA_SECONDS", 1000],
  "What all recordings of a license have is counted anew after": ["room-left.ts COUNTED_MS"],
  "What a player that asks for all that follows is given at a time": ["media-file.ts MOST_AT_ONCE"],
  "Messages that stand beside a recording": ["inside.ts MESSAGES_PLAYED"],
  "Runs of a session's recording that are told": ["runs.ts MOST_RUNS"],
  "Recordings of a license that are forgotten in one go": ["forget-recordings.ts FILES_A_STEP"],
  "Time for making one": ["timings.recordJoin"],
  "Memory for making one": ["join-apart.ts MOST_MEMORY", 1024 * 1024],
};
