import { dirname, resolve } from "node:path";
import type { Arguments } from "./arguments.js";
import { type EngineOfEnvironment, engineVariables, readEngine } from "./engine-variables.js";
import { type Timings, timings } from "./timings.js";
import { type DatabaseAddress, isOn, readVariables, type Values, variables } from "./variables.js";

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly database: DatabaseAddress;
  /** On PostgreSQL: reads that run at once, and how long one may take. */
  readonly databaseConnections: number;
  readonly databaseSeconds: number;
  /** Whether a start applies what migrations a server's database lacks; a file's are applied anyway. */
  readonly databaseMigrate: boolean;
  /** Where the server keeps what is its own besides the database: the secret. */
  readonly dataDir: string;
  /** Without a slash at its end; undefined outside production until the server listens. */
  readonly publicUrl: string | undefined;
  /** Where the other servers of the same database reach this one; undefined: where it listens. */
  readonly instanceUrl: string | undefined;
  /** undefined outside production: then it is made and kept in `dataDir`. */
  readonly secretKey: string | undefined;
  /** What was signed with one of these stays good. */
  readonly previousSecretKeys: readonly string[];
  readonly defaultLanguage: string;
  readonly trustProxy: boolean;
  /** Pages from these origins may ask the graph with an access token. */
  readonly corsOrigins: readonly string[];
  readonly embedOrigins: readonly string[];
  /** Runs the rooms of licenses that name no other. */
  readonly engine: EngineOfEnvironment;
  /** So long it goes on serving after it was asked to end, while it says that it is not ready any more. */
  readonly drainDelaySeconds: number;
  readonly emptyRoomMinutes: number;
  /** Room for answers to v1's reads that may be given again; 0 gives none again. */
  readonly answerCacheMb: number;
  /** Calls of v1 that a license may make. */
  readonly callsPerMinute: number;
  /** How often one person, that is one link, may enter a room. */
  readonly entriesPerMinute: number;
  /** Servers by which browsers in rooms of ours reach each other. */
  readonly ice: { readonly addresses: readonly string[]; readonly turnSecret: string | undefined };
  /** What a license may spend on GraphQL. */
  readonly pointsPerMinute: number;
  readonly tokenPointsPerMinute: number;
  /** Sockets and streams of events that all tokens of a license may hold open; its key a tenth of them. */
  readonly socketsPerLicense: number;
  /** Of the built-in engine, in bytes: all of a license together, and what the disk must have left. */
  readonly recordings: { readonly mostBytesPerLicense: number; readonly freeBytes: number };
  /** In days; 0 is for ever. Sessions are those that are over, with who was in them and what was recorded. */
  readonly retention: { readonly events: number; readonly recordings: number; readonly sessions: number };
  /** The manifest of operations that are served by their ids. */
  readonly trustedDocuments: string | undefined;
  /** Whether GraphQL takes ids of the manifest and nothing else. */
  readonly trustedDocumentsOnly: boolean;
  readonly sandbox: boolean;
  readonly logLevel: string;
  readonly isProduction: boolean;
  /** Outside production and on a loopback address only: a demo key is made and shown. */
  readonly showsDemoKey: boolean;
  readonly timings: Timings;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Looked at in what was given, so that they are named beside the faults of other variables. */
function missingInProduction(given: Readonly<Record<string, string | undefined>>): string[] {
  if (given["NODE_ENV"] !== "production") return [];
  return ["PUBLIC_URL", "SECRET_KEY"].filter((name) => given[name] === undefined);
}

function unknownLanguage(language: string | undefined, languages: readonly string[] | undefined): string[] {
  if (language === undefined || !languages || languages.includes(language)) return [];
  return [`  DEFAULT_LANGUAGE: must be one of ${languages.join(", ")}`];
}

/** With nothing but a manifest's operations to be had, there must be one, and Sandbox could run nothing it sends. TURN
 * servers let nobody in without a secret. */
function contradictions(given: Readonly<Record<string, string | undefined>>): string[] {
  const withoutSecret = /(^|[\s,])turns?:/.test(given["ICE_SERVERS"] ?? "") && given["TURN_SECRET"] === undefined;
  const ofIce = withoutSecret ? ["ICE_SERVERS: must have TURN_SECRET beside it, because a TURN server is named"] : [];
  if (!isOn(given["TRUSTED_DOCUMENTS_ONLY"])) return ofIce;
  return [
    ...ofIce,
    ...(given["TRUSTED_DOCUMENTS"] === undefined
      ? ["TRUSTED_DOCUMENTS_ONLY: must have TRUSTED_DOCUMENTS beside it"]
      : []),
    ...(isOn(given["SANDBOX"]) ? ["SANDBOX: must be off beside TRUSTED_DOCUMENTS_ONLY"] : []),
  ];
}

/** An event tells of its session, so the session must still be there. */
function sessionsGoFirst(values: { RETENTION_EVENTS_DAYS: number; RETENTION_SESSIONS_DAYS: number }): string[] {
  const { RETENTION_EVENTS_DAYS: events, RETENTION_SESSIONS_DAYS: sessions } = values;
  if (sessions === 0 || (events > 0 && events <= sessions)) return [];
  return ["RETENTION_SESSIONS_DAYS: must be 0, or no less than a RETENTION_EVENTS_DAYS that is not 0"];
}

const MB = 1024 * 1024;

const retentionOf = (values: Values): Config["retention"] => ({
  events: values.RETENTION_EVENTS_DAYS,
  recordings: values.RETENTION_RECORDINGS_DAYS,
  sessions: values.RETENTION_SESSIONS_DAYS,
});

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);

/** What is set, without the spaces around it; an empty variable counts as not set. */
const setOnly = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    [...Object.keys(variables), ...engineVariables()].flatMap((name) => {
      const value = env[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );

/** An argument that is empty is a slip, not "not set": it was typed. */
const emptyArguments = (said: Arguments): string[] =>
  Object.entries(said).flatMap(([name, value]) =>
    value.trim() === "" ? [`${argumentOf(name)}: must not be empty`] : [],
  );

const argumentOf = (variable: string): string => `--${variable.toLowerCase()}`;

/** Every variable or argument that is wrong, and what would be right. */
function faultsIn(
  given: Readonly<Record<string, string>>,
  said: Arguments,
  languages: readonly string[] | undefined,
  { values, wrong }: { values: Values; wrong: readonly { name: string; what: string }[] },
): string[] {
  const nameOf = (variable: string) => (variable in said ? argumentOf(variable) : variable);
  return [
    ...emptyArguments(said).map((fault) => `  ${fault}`),
    ...wrong.map(({ name, what }) => `  ${nameOf(name)}: ${what}`),
    ...missingInProduction(given).map((name) => `  ${name}: is required in production`),
    ...unknownLanguage(given["DEFAULT_LANGUAGE"], languages),
    ...contradictions(given).map((fault) => `  ${fault}`),
    ...(wrong.length > 0 ? [] : sessionsGoFirst(values)).map((fault) => `  ${fault}`),
  ];
}

/** Where a server has the database, nothing of it lies here. */
const folderOf = (database: DatabaseAddress): string => ("file" in database ? dirname(database.file) : "data");

const whereDataLies = (values: Values) => ({
  database: values.DATABASE_URL,
  databaseConnections: values.DATABASE_CONNECTIONS,
  databaseSeconds: values.DATABASE_SECONDS,
  databaseMigrate: values.DATABASE_MIGRATE,
  dataDir: resolve(values.DATA_DIR ?? folderOf(values.DATABASE_URL)),
});

/**
 * The only reader of the environment.
 * @param languages what DEFAULT_LANGUAGE may be; not looked at when left out
 * @param said arguments of the command line, which win
 * @throws ConfigError naming every variable or argument that is wrong, and what would be right
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  languages?: readonly string[],
  said: Arguments = {},
): Config {
  const given = setOnly({ ...env, ...said });
  const { values, faults: wrong } = readVariables(given);
  const { engine, faults: ofEngine } = readEngine(values.ENGINE, given);
  const faults = faultsIn(given, said, languages, { values, wrong: [...wrong, ...ofEngine] });
  if (faults.length > 0) {
    throw new ConfigError(`The configuration can't be used:\n${faults.join("\n")}`);
  }
  const isProduction = values.NODE_ENV === "production";
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    ...whereDataLies(values),
    publicUrl: values.PUBLIC_URL,
    instanceUrl: values.INSTANCE_URL,
    secretKey: values.SECRET_KEY,
    previousSecretKeys: values.SECRET_KEY_PREVIOUS,
    defaultLanguage: values.DEFAULT_LANGUAGE,
    trustProxy: values.TRUST_PROXY,
    corsOrigins: values.CORS_ORIGINS,
    embedOrigins: values.EMBED_ORIGINS,
    engine,
    drainDelaySeconds: values.DRAIN_DELAY_SECONDS,
    emptyRoomMinutes: values.EMPTY_ROOM_MINUTES,
    answerCacheMb: values.ANSWER_CACHE_MB,
    callsPerMinute: values.CALLS_PER_MINUTE,
    entriesPerMinute: values.ENTRIES_PER_MINUTE,
    ice: { addresses: values.ICE_SERVERS, turnSecret: values.TURN_SECRET },
    pointsPerMinute: values.POINTS_PER_MINUTE,
    tokenPointsPerMinute: values.TOKEN_POINTS_PER_MINUTE,
    socketsPerLicense: values.SOCKETS_PER_LICENSE,
    recordings: {
      mostBytesPerLicense: values.RECORDINGS_MB_PER_LICENSE * MB,
      freeBytes: values.RECORDINGS_FREE_MB * MB,
    },
    retention: retentionOf(values),
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    trustedDocumentsOnly: values.TRUSTED_DOCUMENTS_ONLY,
    sandbox: values.SANDBOX ?? !(isProduction || values.TRUSTED_DOCUMENTS_ONLY),
    logLevel: values.LOG_LEVEL,
    isProduction,
    showsDemoKey: !isProduction && isLoopback(values.HOST),
    timings,
  });
}
