import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { ConfigError, readConfig } from "../../src/config.js";
import { engineVariables } from "../../src/engine-variables.js";
import { shippedLanguages } from "../../src/messages/index.js";
import { variables } from "../../src/variables.js";

const names = [...Object.keys(variables), ...engineVariables()];
const text = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };

/** The faults of this environment: which variables are named, and how. */
function faultsOf(env: Record<string, string>): Record<string, string> {
  try {
    readConfig(env, shippedLanguages());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first, ...lines] = error.message.split("\n");
    expect(first).toBe("The configuration can't be used:");
    return Object.fromEntries(lines.map((line) => line.trim().split(/: (.*)/s)));
  }
  return {};
}

test("nothing set: every default", () => {
  expect(readConfig({})).toMatchObject({
    port: 4000,
    host: "127.0.0.1",
    database: { file: resolve("data/vconnct.sqlite") },
    dataDir: resolve("data"),
    publicUrl: undefined,
    secretKey: undefined,
    defaultLanguage: "ar",
    trustProxy: false,
    embedOrigins: [],
    emptyRoomMinutes: 60,
    trustedDocuments: undefined,
    trustedDocumentsOnly: false,
    sandbox: true,
    logLevel: "info",
    isProduction: false,
    showsDemoKey: true,
  });
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

test("a variable that is empty, or nothing but spaces, is not set", () => {
  const empty = Object.fromEntries(names.map((name, at) => [name, " ".repeat(at % 2)]));
  expect(readConfig(empty)).toEqual(readConfig({}));
  expect(Object.keys(faultsOf({ ...production, PUBLIC_URL: "", SECRET_KEY: " ".repeat(40) }))).toEqual([
    "PUBLIC_URL",
    "SECRET_KEY",
  ]);
});

test("what is set is taken", () => {
  const env = {
    PORT: "8080",
    HOST: "0.0.0.0",
    DATABASE_URL: "file:///var/lib/vconnct/db.sqlite",
    DATA_DIR: "keys",
    PUBLIC_URL: "https://Meet.example.com/rooms/",
    SECRET_KEY: "é".repeat(16),
    DEFAULT_LANGUAGE: "en",
    TRUST_PROXY: "on",
    EMBED_ORIGINS: "https://lms.example.com, http://localhost:8000",
    EMPTY_ROOM_MINUTES: "0.5",
    TRUSTED_DOCUMENTS: "./manifest.json",
    TRUSTED_DOCUMENTS_ONLY: "on",
    SANDBOX: "off",
    LOG_LEVEL: "debug",
  };
  expect(faultsOf(env)).toEqual({});
  expect(readConfig(env)).toMatchObject({
    port: 8080,
    host: "0.0.0.0",
    database: { file: "/var/lib/vconnct/db.sqlite" },
    dataDir: resolve("keys"),
    publicUrl: "https://meet.example.com/rooms",
    secretKey: env.SECRET_KEY,
    defaultLanguage: "en",
    trustProxy: true,
    embedOrigins: ["https://lms.example.com", "http://localhost:8000"],
    emptyRoomMinutes: 0.5,
    trustedDocuments: resolve("manifest.json"),
    trustedDocumentsOnly: true,
    sandbox: false,
    logLevel: "debug",
    showsDemoKey: false,
  });
});

test("all faults come in one message, each with its variable and what would be right, none with its value", () => {
  const wrong = {
    PORT: "hunter2",
    DATABASE_URL: "postgres://hunter2",
    PUBLIC_URL: "ftp://hunter2",
    SECRET_KEY: "hunter2",
    DEFAULT_LANGUAGE: "hunter2",
    TRUST_PROXY: "hunter2",
    EMBED_ORIGINS: "hunter2",
    EMPTY_ROOM_MINUTES: "hunter2",
    TRUSTED_DOCUMENTS_ONLY: "hunter2",
    SANDBOX: "hunter2",
    LOG_LEVEL: "hunter2",
    NODE_ENV: "hunter2",
  };
  const faults = faultsOf(wrong);
  expect(Object.keys(faults).toSorted()).toEqual(Object.keys(wrong).toSorted());
  for (const [name, message] of Object.entries(faults)) {
    expect([name, message]).toEqual([name, expect.stringMatching(/^must /)]);
    expect(message).not.toContain("hunter2");
  }
  expect(faults["DEFAULT_LANGUAGE"]).toBe("must be one of ar, en");
});

test("production lacks PUBLIC_URL and SECRET_KEY: said beside the faults of other variables", () => {
  const required = { PUBLIC_URL: "is required in production", SECRET_KEY: "is required in production" };
  expect(faultsOf({ NODE_ENV: "production" })).toEqual(required);
  expect(faultsOf({ NODE_ENV: "production", PORT: "x" })).toMatchObject({ PORT: expect.any(String), ...required });
  expect(readConfig(production)).toMatchObject({ isProduction: true, sandbox: false, showsDemoKey: false });
  expect(readConfig({ ...production, SANDBOX: "on" }).sandbox).toBe(true);
});

test("nothing but trusted documents: there must be some, and Sandbox, which could run nothing, is off by itself", () => {
  const only = { TRUSTED_DOCUMENTS_ONLY: "on" };
  const lacking = { TRUSTED_DOCUMENTS_ONLY: "must have TRUSTED_DOCUMENTS beside it" };
  expect(faultsOf(only)).toEqual(lacking);
  expect(faultsOf({ ...only, TRUSTED_DOCUMENTS: " ", PORT: "x" })).toMatchObject({
    PORT: expect.any(String),
    ...lacking,
  });
  const both = { ...only, TRUSTED_DOCUMENTS: "m.json" };
  expect(readConfig(both).sandbox).toBe(false);
  expect(readConfig({ ...both, TRUSTED_DOCUMENTS_ONLY: "off" }).sandbox).toBe(true);
  expect(faultsOf({ ...both, SANDBOX: "on" })).toEqual({ SANDBOX: "must be off beside TRUSTED_DOCUMENTS_ONLY" });
});

test("a TURN server is named with the secret that it shares, a STUN server without", () => {
  const ICE_SERVERS = "stun:stun.example.com:3478, turn:turn.example.com?transport=udp turns:[2001:db8::1]:443";
  const lacking = { ICE_SERVERS: "must have TURN_SECRET beside it, because a TURN server is named" };
  expect(faultsOf({ ICE_SERVERS })).toEqual(lacking);
  const addresses = ICE_SERVERS.split(/,? /);
  expect(readConfig({ ICE_SERVERS, TURN_SECRET: "s" }).ice).toEqual({ addresses, turnSecret: "s" });
  expect(readConfig({ ICE_SERVERS: addresses[0] }).ice).toEqual({ addresses: [addresses[0]], turnSecret: undefined });
});

test.each([
  ["ICE_SERVERS", ["stun.example.com", "stun:", "http://x", "stun:x?transport=udp", "stun:a@b", "stun://x"]],
  ["PORT", ["-1", "65536", "1.5", "0x10", "1e3", "80 80", "NaN"]],
  ["DATABASE_URL", ["./data/x.sqlite", "file:", "http://x", "file://otherhost/x.sqlite", "file:///%zz"]],
  [
    "PUBLIC_URL",
    ["meet.example.com", "javascript:alert(1)", "https://", "https://u:p@h", "https://h/?a=1", "https://h/#a"],
  ],
  ["SECRET_KEY", ["x".repeat(31), "é".repeat(15)]],
  ["EMPTY_ROOM_MINUTES", ["-1", "Infinity", "NaN", "1e3", ".5", "5m"]],
  [
    "EMBED_ORIGINS",
    ["*", "https://h/", "https://h/path", "lms.example.com", "'self'", "https://ok.example.com; script-src *"],
  ],
  ["DEFAULT_LANGUAGE", ["xx", "AR", "../ar"]],
  ["SANDBOX", ["yes", "ON"]],
])("%s refuses what is none", (name, values) => {
  for (const value of values) expect([value, Object.keys(faultsOf({ [name]: value }))]).toEqual([value, [name]]);
});

test("a demo key is for loopback addresses outside production", () => {
  const shows = (env: Record<string, string>) => readConfig(env).showsDemoKey;
  for (const HOST of ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
    expect([HOST, shows({ HOST })]).toEqual([HOST, true]);
  for (const HOST of ["0.0.0.0", "::", "192.168.1.2", "127.0.0.1.example.com", "localhost.example.com"]) {
    expect([HOST, shows({ HOST })]).toEqual([HOST, false]);
  }
  expect(shows({ ...production, HOST: "127.0.0.1" })).toBe(false);
});

test(".env.example names every variable and no other, each under a comment; used as it is, it changes nothing", () => {
  const example = text(".env.example");
  expect(Object.keys(parseEnv(example)).toSorted()).toEqual(names.toSorted());
  for (const block of example.trim().split("\n\n").slice(1)) {
    expect(block).toMatch(/^(?:# .*\n)+[A-Z_]+=\S*$/);
  }
  expect(readConfig(parseEnv(example) as Record<string, string>)).toEqual(readConfig({}));
});

test("the README's table of variables names every one and no other", () => {
  const rows = [...text("README.md").matchAll(/^\| *`([A-Z][A-Z_]+)` *\|/gm)].map(([, name]) => name);
  expect(rows.toSorted()).toEqual(names.toSorted());
});

test("sessions may not go before the events that tell of them", () => {
  const fault = { RETENTION_SESSIONS_DAYS: "must be 0, or no less than a RETENTION_EVENTS_DAYS that is not 0" };
  expect(faultsOf({ RETENTION_SESSIONS_DAYS: "30" })).toEqual(fault);
  expect(faultsOf({ RETENTION_SESSIONS_DAYS: "365", RETENTION_EVENTS_DAYS: "0" })).toEqual(fault);
  expect(readConfig({ RETENTION_SESSIONS_DAYS: "30", RETENTION_EVENTS_DAYS: "30" }).retention).toEqual({
    events: 30,
    recordings: 0,
    sessions: 30,
  });
});

test("an engine elsewhere is read from its own variables, and each fault names the variable and what would be right", () => {
  const bbb = { ENGINE: "bigbluebutton", BBB_URL: "https://bbb.example.com/bigbluebutton", BBB_SECRET: "s3" };
  expect(readConfig({}).engine).toEqual({ kind: "builtin", options: {} });
  for (const tail of ["", "/", "/api", "/api/"]) {
    expect(readConfig({ ...bbb, BBB_URL: `${bbb.BBB_URL}${tail}`, BBB_SECRET: " s3 " }).engine).toEqual({
      kind: "bigbluebutton",
      options: {
        url: "https://bbb.example.com/bigbluebutton/api/",
        secret: "s3",
        flavour: "bigbluebutton",
        webhooks: "signed",
      },
    });
  }
  const required = "is required beside ENGINE=bigbluebutton";
  expect(faultsOf({ ENGINE: "bigbluebutton", PORT: "x" })).toMatchObject({
    BBB_URL: required,
    BBB_SECRET: required,
    PORT: expect.anything(),
  });
  expect(faultsOf({ ENGINE: "jitsi" })).toEqual({ ENGINE: "must be one of builtin, bigbluebutton" });
  const url =
    "must be the http or https address of the server's API, for example https://bbb.example.com/bigbluebutton/";
  for (const BBB_URL of [
    "bbb.example.com",
    "ftp://bbb.example.com",
    "https://a:b@bbb.example.com",
    "https://x.example.com/?a",
  ]) {
    expect(faultsOf({ ...bbb, BBB_URL })).toEqual({ BBB_URL: url });
  }
  expect(faultsOf({ ...bbb, BBB_CHECKSUM: "md5" })).toEqual({
    BBB_CHECKSUM: "must be one of sha256, sha1, sha384, sha512",
  });
  expect(faultsOf({ ...bbb, BBB_CHECKSUM: "sha384", BBB_FLAVOUR: "scalelite" })).toEqual({
    BBB_CHECKSUM: "must be one of sha256, sha1, sha512: Scalelite takes no other",
  });
  expect(faultsOf({ ...bbb, BBB_FLAVOUR: "greenlight" })).toEqual({
    BBB_FLAVOUR: "must be one of bigbluebutton, scalelite, plugnmeet",
  });
  // What waits for another engine is not looked at.
  expect(faultsOf({ BBB_CHECKSUM: "md5" })).toEqual({});
});
