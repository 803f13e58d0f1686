import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const onOff = z
  .enum(["on", "off", "true", "false", "1", "0"])
  .transform((value) => ["on", "true", "1"].includes(value));

const databaseUrl = z
  .string()
  .regex(/^file:.+/, 'must begin with "file:", for example file:./data/vconnct.sqlite')
  .transform((value) => (value.startsWith("file://") ? fileURLToPath(value) : resolve(value.slice("file:".length))));

const httpUrl = z
  .url({
    protocol: /^https?$/,
    error: "must be an http or https address without query, for example https://meet.example.com",
  })
  .refine((value) => !/[?#]/.test(value), "must have no query and no fragment")
  .transform((value) => value.replace(/\/+$/, ""));

const origins = z.string().transform((value, context) => {
  const listed = value.split(/[\s,]+/).filter(Boolean);
  for (const origin of listed) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    context.addIssue({ code: "custom", message: `must be a list of origins like https://lms.example.com` });
  }
  return listed;
});

/** Every environment variable there is. `.env.example` names them all, with what they mean (a test compares). */
export const variables = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: databaseUrl.prefault("file:./data/vconnct.sqlite"),
  DATA_DIR: z.string().min(1).optional(),
  PUBLIC_URL: httpUrl.optional(),
  SECRET_KEY: z
    .string()
    .refine((value) => Buffer.byteLength(value) >= 32, "must have 32 bytes or more")
    .optional(),
  DEFAULT_LANGUAGE: z.string().min(2).default("ar"),
  TRUST_PROXY: onOff.prefault("off"),
  EMBED_ORIGINS: origins.prefault(""),
  EMPTY_ROOM_MINUTES: z.coerce.number().min(0).default(60),
  SANDBOX: onOff.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
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
  engineWait: 15_000,
  drain: 8_000,
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
  readonly defaultLanguage: string;
  readonly trustProxy: boolean;
  readonly embedOrigins: readonly string[];
  readonly emptyRoomMinutes: number;
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

const environment = z.object(variables).check(({ value, issues }) => {
  if (value.NODE_ENV !== "production") return;
  for (const name of ["PUBLIC_URL", "SECRET_KEY"] as const) {
    if (value[name]) continue;
    issues.push({ code: "custom", path: [name], message: "is required in production", input: undefined });
  }
});

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);

/**
 * The only reader of the environment. An empty variable counts as not set.
 * @throws ConfigError naming every variable that is wrong, and what would be right
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const read = environment.safeParse(given);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
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
    defaultLanguage: values.DEFAULT_LANGUAGE,
    trustProxy: values.TRUST_PROXY,
    embedOrigins: values.EMBED_ORIGINS,
    emptyRoomMinutes: values.EMPTY_ROOM_MINUTES,
    sandbox: values.SANDBOX ?? !isProduction,
    logLevel: values.LOG_LEVEL,
    isProduction,
    showsDemoKey: !isProduction && isLoopback(values.HOST),
    timings,
  });
}
