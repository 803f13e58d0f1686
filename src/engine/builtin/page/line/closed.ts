/** Why the server closed for good, by its own names; any other code is an accident, worth coming back from. */
export const closed = {
  ended: 4000,
  elsewhere: 4001,
  REMOVED: 4002,
  PROTOCOL: 4400,
  LINK_TAMPERED: 4403,
  ATTENDANCE_LIMIT_REACHED: 4409,
  SESSION_OVER: 4410,
} as const;

const final: ReadonlySet<number> = new Set(Object.values(closed));
/** The server restarts, or its database can't take the entry now. */
const soonAgain: ReadonlySet<number> = new Set([1012, 1013]);

export const isFinal = (code: number): boolean => final.has(code);

/** Worth another try also where the person was never inside. */
export const isSoonAgain = (code: number): boolean => soonAgain.has(code);
