import { QueryTooSlow, StorageUnavailable } from "../unavailable.js";

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const CLASHED = /^(40001|40P01)$/;
const CANCELLED = "57014";
/** What Node says of the network. */
const NETWORK = /^E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOST|NET)|^ERR_(SOCKET|STREAM)/;
/** Connections, resources, an operator's hand, a server that is a replica now. */
const PASSING = /^(08|53|57P|58|25006|25P0[34]|55P03|57014|40)/;
/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = /CERT|_SSL_|_TLS_|^(UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/;
/** The driver's own words have no code. */
const BROKEN =
  /^(Connection terminated|timeout exceeded|Query read timeout|Client has encountered|Cannot use a pool|Client was closed)/;

/** Two transactions stood in one another's way, and this one was undone: run anew, it may well pass. */
export const isClash = (error: unknown): boolean => CLASHED.test(codeOf(error));

/** Another statement of its transaction has failed. */
export const isUndone = (error: unknown): boolean => codeOf(error) === "25P02";

/** The connection is good for nothing any more. */
export const isBroken = (error: unknown): boolean =>
  error instanceof Error &&
  (BROKEN.test(error.message) || NETWORK.test(codeOf(error)) || /^(08|57P|25P0[34])/.test(codeOf(error)));

const isPassing = (error: unknown): boolean =>
  isBroken(error) || PASSING.test(codeOf(error)) || UNTRUSTED.test(codeOf(error));

/** Keeps refusals and bugs as they are; turns what the database's surroundings caused into `StorageUnavailable`. */
export function asStorageFault(error: unknown): unknown {
  return isPassing(error) ? new StorageUnavailable("the database can't take this now", { cause: error }) : error;
}

/** Likewise of a read, which looks at too much where it takes too long. */
export const asReadFault = (error: unknown): unknown =>
  codeOf(error) === CANCELLED
    ? new QueryTooSlow("the database ended a statement", { cause: error })
    : asStorageFault(error);

/** Who may not come in, and what is not there. */
const REFUSED = /^(28|3D|42501|53300)/;

/** Of a replica: it could be read, and nothing else. */
const READ_ONLY = "25006";

/** What is wrong with the address or the server behind it, where a start can't use it; without a password. */
export function unusableServer(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (codeOf(error) === READ_ONLY) return "it is a replica, which takes no write: name the primary";
  const isItsOwn =
    isBroken(error) ||
    UNTRUSTED.test(codeOf(error)) ||
    REFUSED.test(codeOf(error)) ||
    /server does not support SSL/.test(error.message);
  if (!isItsOwn) return undefined;
  // Of several addresses that were tried the error itself says nothing.
  return error instanceof AggregateError ? error.errors.map(({ message }) => message).join("; ") : error.message;
}

/** What keeps the server from it for now, in its own words, which may name its files. */
export const hindrance = (error: unknown): string | undefined =>
  error instanceof Error && PASSING.test(codeOf(error)) ? error.message : undefined;

/** The sentence for the operator where a database can't be used, wherever among an error's causes that stands. */
export function sayOfDatabase(error: unknown, unusable: (at: Error) => string | undefined): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const fault = unusable(at);
    if (fault !== undefined) return `The database can't be used; see DATABASE_URL: ${fault}`;
  }
  return undefined;
}
