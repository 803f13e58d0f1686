import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(", ")}` });

export const isOn = (value: string | undefined): boolean => value !== undefined && ["on", "true", "1"].includes(value);

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

const points = numberWithin(/^[1-9]\d{2,}$/, 1_000_000_000, "must be a whole number of points, 100 or more");

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
  ANSWER_CACHE_MB: numberWithin(/^\d+$/, 65_536, "must be a whole number of megabytes, 0 or more").prefault("64"),
  CALLS_PER_MINUTE: numberWithin(/^[1-9]\d*$/, 1_000_000_000, "must be a whole number of calls, 1 or more").prefault(
    "30000",
  ),
  ENTRIES_PER_MINUTE: numberWithin(/^[1-9]\d*$/, 1_000_000, "must be a whole number of entries, 1 or more").prefault(
    "30",
  ),
  POINTS_PER_MINUTE: points.prefault("100000"),
  TOKEN_POINTS_PER_MINUTE: points.prefault("20000"),
  SOCKETS_PER_LICENSE: numberWithin(/^[1-9]\d*$/, 1_000_000, "must be a whole number of sockets, 1 or more").prefault(
    "2000",
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
