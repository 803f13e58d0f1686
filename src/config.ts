import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(", ")}` });

const isOn = (value: string | undefined): boolean => value !== undefined && ["on", "true", "1"].includes(value);

const onOff = oneOf(["on", "off", "true", "false", "1", "0"]).transform(isOn);

/** Digits only: `0x10` or `1e3` would be a slip, not a wish. */
const numberWithin = (pattern: RegExp, most: number, error: string) =>
  z
    .string()
    .regex(pattern, error)
    .transform(Number)
    .refine((value) => value <= most, error);

/** undefined for a `file://` address that names another machine or can't be decoded. */
function filePath(url: string): string | undefined {
  if (!url.startsWith("file://")) return resolve(url.slice("file:".length));
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

const databaseUrl = z.string().transform((value, context) => {
  const path = /^file:.+/.test(value) ? filePath(value) : undefined;
  if (path === undefined) {
    context.addIssue({ code: "custom", message: 'must begin with "file:", for example file:./data/vconnct.sqlite' });
  }
  return path ?? "";
});

const isPublicAddress = (value: string): boolean => {
  if (!URL.canParse(value) || !/^https?:\/\//i.test(value) || /[?#]/.test(value)) return false;
  const { username, password } = new URL(value);
  return username === "" && password === "";
};

const httpUrl = z
  .string()
  .refine(isPublicAddress, {
    abort: true,
    error: "must be an http or https address without query and password, for example https://meet.example.com",
  })
  .transform((value) => new URL(value).href.replace(/\/+$/, ""));

const origins = z.string().transform((value, context) => {
  const listed = value.split(/[\s,]+/).filter(Boolean);
  if (!listed.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin)) {
    context.addIssue({ code: "custom", message: "must be a list of origins like https://lms.example.com" });
  }
  return listed;
});

/** Every environment variable there is. `.env.example` names them all, with what they mean (a test compares). */
export const variables = {
  PORT: numberWithin(/^\d{1,5}$/, 65_535, "must be a whole number from 0 to 65535").prefault("4000"),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: databaseUrl.prefault("file:./data/vconnct.sqlite"),
  DATA_DIR: z.string().min(1).optional(),
  PUBLIC_URL: httpUrl.optional(),
  SECRET_KEY: z
    .string()
    .refine((value) => Buffer.byteLength(value) >= 32, "must have 32 bytes or more")
    .optional(),
  SECRET_KEY_PREVIOUS: z
    .string()
    .default("")
    .transform((value) =>
      value
        .split(",")
        .map((key) => key.trim())
        .filter(Boolean),
    )
    .refine((keys) => keys.every((key) => Buffer.byteLength(key) >= 32), "each must have 32 bytes or more"),
  DEFAULT_LANGUAGE: z.string().default("ar"),
  TRUST_PROXY: onOff.prefault("off"),
  CORS_ORIGINS: origins.prefault(""),
  EMBED_ORIGINS: origins.prefault(""),
  EMPTY_ROOM_MINUTES: numberWithin(
    /^\d+(?:\.\d+)?$/,
    Number.MAX_SAFE_INTEGER,
    "must be a number of minutes, 0 or more, for example 60 or 0.5",
  ).prefault("60"),
  POINTS_PER_MINUTE: numberWithin(/^[1-9]\d*$/, 1_000_000_000, "must be a whole number of points, 1 or more").prefault(
    "100000",
  ),
  TRUSTED_DOCUMENTS: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  TRUSTED_DOCUMENTS_ONLY: onOff.prefault("off"),
  SANDBOX: onOff.optional(),
  LOG_LEVEL: oneOf(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  NODE_ENV: oneOf(["development", "test", "production"]).default("development"),
};

/** How long things last, in milliseconds; not for operators, but tests shorten them. */
export const timings = {
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
  /** A session half opened or half closed for this long has nobody working on it; longer than any engine call. */
  stuck: 20_000,
  drain: 8_000,
  /** So often is each live line of the graph looked at: is its caller still let in, does it read? */
  liveCheck: 4_000,
};

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databasePath: string;
  /** Where the server keeps what is its own besides the database: the secret. */
  readonly dataDir: string;
  /** Without a slash at its end; undefined outside production until the server listens. */
  readonly publicUrl: string | undefined;
  /** undefined outside production: then it is made and kept in `dataDir`. */
  readonly secretKey: string | undefined;
  /** What was signed with one of these stays good. */
  readonly previousSecretKeys: readonly string[];
  readonly defaultLanguage: string;
  readonly trustProxy: boolean;
  /** Pages from these origins may ask the graph with an access token. */
  readonly corsOrigins: readonly string[];
  readonly embedOrigins: readonly string[];
  readonly emptyRoomMinutes: number;
  /** What a license may spend on GraphQL. */
  readonly pointsPerMinute: number;
  /** The manifest of operations that are served by their ids. */
  readonly trustedDocuments: string | undefined;
  /** Whether GraphQL takes ids of the manifest and nothing else. */
  readonly trustedDocumentsOnly: boolean;
  readonly sandbox: boolean;
  readonly logLevel: string;
  readonly isProduction: boolean;
  /** Outside production and on a loopback address only: a demo key is made and shown. */
  readonly showsDemoKey: boolean;
  readonly timings: Readonly<typeof timings>;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const environment = z.object(variables);

/** Looked at in what was given, so that they are named beside the faults of other variables. */
function missingInProduction(given: Readonly<Record<string, string | undefined>>): string[] {
  if (given["NODE_ENV"] !== "production") return [];
  return ["PUBLIC_URL", "SECRET_KEY"].filter((name) => given[name] === undefined);
}

function unknownLanguage(language: string | undefined, languages: readonly string[] | undefined): string[] {
  if (language === undefined || !languages || languages.includes(language)) return [];
  return [`  DEFAULT_LANGUAGE: must be one of ${languages.join(", ")}`];
}

/** With nothing but a manifest's operations to be had, there must be one, and Sandbox could run nothing it sends. */
function contradictions(given: Readonly<Record<string, string | undefined>>): string[] {
  if (!isOn(given["TRUSTED_DOCUMENTS_ONLY"])) return [];
  return [
    ...(given["TRUSTED_DOCUMENTS"] === undefined
      ? ["TRUSTED_DOCUMENTS_ONLY: must have TRUSTED_DOCUMENTS beside it"]
      : []),
    ...(isOn(given["SANDBOX"]) ? ["SANDBOX: must be off beside TRUSTED_DOCUMENTS_ONLY"] : []),
  ];
}

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);

/** What is set, without the spaces around it; an empty variable counts as not set. */
const setOnly = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.keys(variables).flatMap((name) => {
      const value = env[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );

/**
 * The only reader of the environment.
 * @param languages what DEFAULT_LANGUAGE may be; not looked at when left out
 * @throws ConfigError naming every variable that is wrong, and what would be right
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, languages?: readonly string[]): Config {
  const given = setOnly(env);
  const read = environment.safeParse(given);
  const faults = [
    ...(read.error?.issues ?? []).map(({ path, message }) => `  ${path.join(".")}: ${message}`),
    ...missingInProduction(given).map((name) => `  ${name}: is required in production`),
    ...unknownLanguage(given["DEFAULT_LANGUAGE"], languages),
    ...contradictions(given).map((fault) => `  ${fault}`),
  ];
  if (!read.success || faults.length > 0) {
    throw new ConfigError(`The configuration can't be used:\n${faults.join("\n")}`);
  }
  const values = read.data;
  const isProduction = values.NODE_ENV === "production";
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    databasePath: values.DATABASE_URL,
    dataDir: values.DATA_DIR ? resolve(values.DATA_DIR) : dirname(values.DATABASE_URL),
    publicUrl: values.PUBLIC_URL,
    secretKey: values.SECRET_KEY,
    previousSecretKeys: values.SECRET_KEY_PREVIOUS,
    defaultLanguage: values.DEFAULT_LANGUAGE,
    trustProxy: values.TRUST_PROXY,
    corsOrigins: values.CORS_ORIGINS,
    embedOrigins: values.EMBED_ORIGINS,
    emptyRoomMinutes: values.EMPTY_ROOM_MINUTES,
    pointsPerMinute: values.POINTS_PER_MINUTE,
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    trustedDocumentsOnly: values.TRUSTED_DOCUMENTS_ONLY,
    sandbox: values.SANDBOX ?? !(isProduction || values.TRUSTED_DOCUMENTS_ONLY),
    logLevel: values.LOG_LEVEL,
    isProduction,
    showsDemoKey: !isProduction && isLoopback(values.HOST),
    timings,
  });
}
