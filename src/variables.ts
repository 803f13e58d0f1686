import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A value that can't be used; its message says what would be right. */
export class Wrong extends Error {
  override readonly name = "Wrong";
}

/** What a text means. By hand, because a library of checks would take a start longer to load than all else it reads. */
type Reader<Value> = (text: string) => Value;

/** One that is not set is as if it were set to `byDefault`; undefined where there is none. */
const or =
  <Value>(byDefault: string, read: Reader<Value>) =>
  (text: string | undefined): Value =>
    read(text ?? byDefault);
const optional =
  <Value>(read: Reader<Value>) =>
  (text: string | undefined): Value | undefined =>
    text === undefined ? undefined : read(text);

const demand = (isRight: boolean, what: string): void => {
  if (!isRight) throw new Wrong(what);
};

const plain: Reader<string> = (text) => text;

const oneOf =
  <const Words extends readonly string[]>(words: Words): Reader<Words[number]> =>
  (text) => {
    demand(words.includes(text), `must be one of ${words.join(", ")}`);
    return text;
  };

export const isOn = (value: string | undefined): boolean => value !== undefined && ["on", "true", "1"].includes(value);

const onOff: Reader<boolean> = (text) => isOn(oneOf(["on", "off", "true", "false", "1", "0"])(text));

/** Digits only: `0x10` or `1e3` would be a slip, not a wish. */
const numberWithin =
  (pattern: RegExp, most: number, error: string): Reader<number> =>
  (text) => {
    demand(pattern.test(text) && Number(text) <= most, error);
    return Number(text);
  };

/** undefined for a `file://` address that names another machine or can't be decoded. */
function filePath(url: string): string | undefined {
  if (!url.startsWith("file://")) return resolve(url.slice("file:".length));
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** Where the data lies: in a file of SQLite, or with a server of PostgreSQL, by its address. */
export type DatabaseAddress = { readonly file: string } | { readonly server: string };

/** With a host or a socket's folder, and a name: libpq would make those up from whoever starts the process. */
function isServer(text: string): boolean {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, searchParams } = new URL(text);
  return (hostname !== "" || searchParams.has("host")) && /^\/[^/]+$/.test(pathname);
}

/** Libpq's words for what the driver takes for `verify-full`: of some it would warn in many lines at each start. */
const takenForFull = /(?<=[?&]sslmode=)(?:allow|prefer|require|verify-ca)(?=&|$)/;

function serverAddress(text: string): string {
  const { searchParams } = new URL(text);
  const mode = searchParams.get("sslmode");
  if (mode === null || searchParams.has("uselibpqcompat")) return text;
  const full = text.replace(takenForFull, "verify-full");
  demand(
    /[?&]sslmode=(?:disable|no-verify|verify-full)(?:&|$)/.test(full),
    "must have no sslmode but verify-full, no-verify or disable; allow, prefer, require and verify-ca count as the first",
  );
  return full;
}

export const databaseUrl: Reader<DatabaseAddress> = (text) => {
  const isOfSeveral = /^postgres(?:ql)?:\/\/(?:[^/]*@)?[^/@?]*,/.test(text);
  demand(!isOfSeveral, "must name one host, which leads to the primary: docs/postgresql.md says how");
  if (isServer(text)) return { server: serverAddress(text) };
  const file = /^file:.+/.test(text) ? filePath(text) : undefined;
  if (file !== undefined) return { file };
  throw new Wrong(
    'must begin with "file:", for example file:./data/vconnct.sqlite, or name a database of PostgreSQL, for example postgres://user:password@localhost:5432/vconnct',
  );
};

const isPublicAddress = (value: string): boolean => {
  if (!URL.canParse(value) || !/^https?:\/\//i.test(value) || /[?#]/.test(value)) return false;
  const { username, password } = new URL(value);
  return username === "" && password === "";
};

const httpUrl: Reader<string> = (text) => {
  demand(
    isPublicAddress(text),
    "must be an http or https address without query and password, for example https://meet.example.com",
  );
  return new URL(text).href.replace(/\/+$/, "");
};

const points = numberWithin(/^[1-9]\d{2,}$/, 1_000_000_000, "must be a whole number of points, 100 or more");

const origins: Reader<string[]> = (text) => {
  const listed = text.split(/[\s,]+/).filter(Boolean);
  const isEach = listed.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin);
  demand(isEach, "must be a list of origins like https://lms.example.com");
  return listed;
};

const iceServers: Reader<string[]> = (text) => {
  const listed = text.split(/[\s,]+/).filter(Boolean);
  const isEach = listed.every((address) =>
    /^(?:stuns?:[^?#/@]+|turns?:[^?#/@]+(?:\?transport=(?:udp|tcp))?)$/.test(address),
  );
  demand(
    isEach,
    "must be a list of addresses like stun:stun.example.com:3478 or turns:turn.example.com:443?transport=tcp",
  );
  return listed;
};

const LEAST_KEY_BYTES = 32;

const isLongEnough = (key: string): boolean => Buffer.byteLength(key) >= LEAST_KEY_BYTES;

const secretKey: Reader<string> = (text) => {
  demand(isLongEnough(text), `must have ${LEAST_KEY_BYTES} bytes or more`);
  return text;
};

const secretKeys: Reader<string[]> = (text) => {
  const keys = text
    .split(",")
    .map((key) => key.trim())
    .filter(Boolean);
  demand(keys.every(isLongEnough), `each must have ${LEAST_KEY_BYTES} bytes or more`);
  return keys;
};

const wholeNumber = (most: number, of: string) =>
  numberWithin(/^[1-9]\d*$/, most, `must be a whole number of ${of}, 1 or more`);

const minutes = numberWithin(
  /^\d+(?:\.\d+)?$/,
  Number.MAX_SAFE_INTEGER,
  "must be a number of minutes, 0 or more, for example 60 or 0.5",
);
const days = numberWithin(/^\d+$/, 36_500, "must be a whole number of days, 0 for ever, to 36500");
const megabytes = numberWithin(/^\d+$/, 65_536, "must be a whole number of megabytes, 0 or more");

/** Every environment variable there is. `.env.example` names them all, with what they mean (a test compares). */
export const variables = {
  PORT: or("4000", numberWithin(/^\d{1,5}$/, 65_535, "must be a whole number from 0 to 65535")),
  HOST: or("127.0.0.1", plain),
  DATABASE_URL: or("file:./data/vconnct.sqlite", databaseUrl),
  DATABASE_CONNECTIONS: or("8", wholeNumber(200, "connections")),
  DATABASE_SECONDS: or("5", wholeNumber(3_600, "seconds")),
  DATABASE_MIGRATE: or("off", onOff),
  DATA_DIR: optional(plain),
  PUBLIC_URL: optional(httpUrl),
  INSTANCE_URL: optional(httpUrl),
  SECRET_KEY: optional(secretKey),
  SECRET_KEY_PREVIOUS: or("", secretKeys),
  DEFAULT_LANGUAGE: or("ar", plain),
  TRUST_PROXY: or("off", onOff),
  CORS_ORIGINS: or("", origins),
  EMBED_ORIGINS: or("", origins),
  ENGINE: or("builtin", plain),
  DRAIN_DELAY_SECONDS: or(
    "0",
    numberWithin(/^\d+(?:\.\d+)?$/, 600, "must be a number of seconds, 0 to 600, for example 5"),
  ),
  EMPTY_ROOM_MINUTES: or("60", minutes),
  ANSWER_CACHE_MB: or("64", megabytes),
  CALLS_PER_MINUTE: or("30000", wholeNumber(1_000_000_000, "calls")),
  ENTRIES_PER_MINUTE: or("30", wholeNumber(1_000_000, "entries")),
  ICE_SERVERS: or("", iceServers),
  TURN_SECRET: optional(plain),
  POINTS_PER_MINUTE: or("100000", points),
  TOKEN_POINTS_PER_MINUTE: or("20000", points),
  SOCKETS_PER_LICENSE: or("2000", wholeNumber(1_000_000, "sockets")),
  RECORDINGS_MB_PER_LICENSE: or("20480", wholeNumber(1_000_000_000, "megabytes")),
  RECORDINGS_FREE_MB: or(
    "1024",
    numberWithin(/^\d+$/, 1_000_000_000, "must be a whole number of megabytes, 0 or more"),
  ),
  RETENTION_EVENTS_DAYS: or("90", days),
  RETENTION_RECORDINGS_DAYS: or("0", days),
  RETENTION_SESSIONS_DAYS: or("0", days),
  TRUSTED_DOCUMENTS: optional((path) => resolve(path)),
  TRUSTED_DOCUMENTS_ONLY: or("off", onOff),
  SANDBOX: optional(onOff),
  LOG_LEVEL: or("info", oneOf(["fatal", "error", "warn", "info", "debug", "trace", "silent"])),
  NODE_ENV: or("development", oneOf(["development", "test", "production"])),
};

export type Values = { [Name in keyof typeof variables]: ReturnType<(typeof variables)[Name]> };

/** What is set, read: all values, or what is wrong with which. */
export function readVariables(given: Readonly<Record<string, string>>): {
  values: Values;
  faults: { name: string; what: string }[];
} {
  const faults: { name: string; what: string }[] = [];
  const entries = Object.entries(variables).map(([name, read]) => {
    try {
      return [name, read(given[name])];
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      faults.push({ name, what: error.message });
      return [name, undefined];
    }
  });
  return { values: Object.fromEntries(entries) as Values, faults };
}
