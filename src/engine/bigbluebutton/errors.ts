import { EngineRefused, EngineUnavailable } from "../engine.js";

/** The server gave no answer that can be read. */
export class NoAnswer extends EngineUnavailable {
  /**
   * @param mayHaveArrived whether it may have done what it was asked all the same
   * @param status of HTTP, where that is what is wrong
   */
  constructor(
    what: string,
    readonly mayHaveArrived: boolean,
    readonly status?: number,
  ) {
    super(what);
  }
}

/** What is said of a room that is not there any more, or never was. */
export const isGone = (key: string): boolean =>
  ["notFound", "invalidMeetingIdentifier", "meetingForciblyEnded"].includes(key);

/** What went wrong, by the server's own name for it, where trying again may help. */
const passing = new Set([
  "internalError",
  "serverUnavailable",
  "serverTagUnavailable",
  "apiNotEnabled",
  "maxConcurrent",
  // PlugNmeet's word for nearly everything.
  "error",
]);

/** What the operator can do about it. */
const advice: Record<string, string> = {
  checksumError: "the secret or the checksum's algorithm is not the server's (its options secret and checksum)",
  apiKeyError: "the address does not hold a key that the server knows (its option url)",
  apiNotEnabled: "the server's API is switched off",
  internalError: "the server can't do it now; behind Scalelite, perhaps none of its servers is there",
  serverUnavailable: "none of the servers behind it is there",
  unsupportedRequest: "the server does not know this call",
  idNotUnique: "the room is there already, created with other passwords",
  maxConcurrent: "the server runs as many rooms as it may",
};

/**
 * A FAILED answer as the domain knows it. Of what the server says only its key is taken, and only where it looks like
 * one: its sentences may hold anything.
 */
export function failed(call: string, key: string): EngineRefused | EngineUnavailable {
  const name = /^[\w -]{1,64}$/.test(key) ? key : "no key that can be read";
  const text = `${call}: FAILED, ${name}${advice[key] === undefined ? "" : `: ${advice[key]}`}`;
  return passing.has(key) ? new EngineUnavailable(text) : new EngineRefused(text);
}
