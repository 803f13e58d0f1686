import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";
import { machineTime } from "./clock.js";

const BYTES_EACH = 16;
/** Asking the machine for randomness costs more than all the rest of an id, so one asking is for many. */
const IDS_AT_ONCE = 256;

const pool = Buffer.alloc(BYTES_EACH * IDS_AT_ONCE);
let used = pool.length;

/** Each part of the pool is given out once. */
function randomBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const from = used;
  used += BYTES_EACH;
  return pool.subarray(from, used);
}

/** Of an id's random bytes the four that it does not use itself. */
const SEQ_AT = 6;
const LOWER_HALF = 0x7f_ff_ff_ff;

let msecs = 0;
let seq = 0;

/** A UUID of version 7: each is greater than the one before it, also within a millisecond. */
export function newId(): string {
  const random = randomBytes();
  const now = machineTime.wall();
  if (now > msecs) {
    msecs = now;
    // Anywhere in the lower half, so that there is room to count on.
    seq = random.readUInt32BE(SEQ_AT) & LOWER_HALF;
  } else {
    seq = (seq + 1) | 0;
    if (seq === 0) msecs += 1;
  }
  return v7({ random, msecs, seq });
}
