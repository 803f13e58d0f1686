import { readdirSync, readFileSync } from "node:fs";
import { maxHeaderSize } from "node:http";
import { basename } from "node:path";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config.js";
import { limits as texts } from "../../src/domain/checks.js";
import { tokenLifetime } from "../../src/domain/license/access-token.js";
import { holdLimits } from "../../src/graphql/run/holdings.js";
import { limits as operation, pageSize } from "../../src/graphql/run/limits.js";
import { guestLimits } from "../../src/http/guests.js";
import { socketLimits } from "../../src/http/sockets.js";
import { MINUTE, rows } from "./bounds.js";
import { noBounds } from "./no-bounds.js";

const root = new URL("../../", import.meta.url).pathname;

const files = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const source = (file: string): string => readFileSync(`${root}src/${file}`, "utf8");

/** Every constant of the sources that is a plain number, by its file and name, wherever the file lies: `body.ts MOST_DRAINED_BYTES`. */
function constants(): [string, number][] {
  return files.flatMap((file) =>
    [...source(file).matchAll(/^(?:export )?const ([A-Z]\w*) = ([\d_.]+(?: \* [\d_.]+)*);$/gm)].map(
      ([, name = "", product = ""]): [string, number] => {
        const factors = product.split(" * ").map((factor) => Number(factor.replaceAll("_", "")));
        return [`${basename(file)} ${name}`, factors.reduce((a, b) => a * b)];
      },
    ),
  );
}

const named = (prefix: string, values: object): [string, number][] =>
  Object.entries(values).flatMap(([name, value]): [string, number][] =>
    typeof value === "number" ? [[`${prefix}.${name}`, value]] : [],
  );

const config = readConfig({});
const fastify = Fastify().initialConfig;

/** Everything that could be a bound: sizes in bytes, times in milliseconds (those of tokens in seconds). */
const known = new Map<string, number>([
  ...constants(),
  ...named("timings", config.timings),
  ...named("text", Object.fromEntries(Object.entries(texts).map(([name, { max }]) => [name, max]))),
  ...named("operation", operation),
  ...named("page", pageSize),
  ...named("token", tokenLifetime),
  ...named("guests", guestLimits),
  ...named("socket", socketLimits),
  ...named("lines", holdLimits.lines),
  ...named("subscriptions", holdLimits.subscriptions),
  ...named("config", { ...config, port: undefined }),
  ...named("recordings", config.recordings),
  ["node maxHeaderSize", maxHeaderSize],
  ["fastify keepAliveTimeout", fastify.keepAliveTimeout ?? 0],
]);

const units: Record<string, number> = {
  "": 1,
  bytes: 1,
  KiB: 1024,
  MiB: 1024 * 1024,
  ms: 1,
  s: 1000,
  minutes: MINUTE,
  hour: 60 * MINUTE,
  hours: 60 * MINUTE,
  day: 24 * 60 * MINUTE,
  days: 24 * 60 * MINUTE,
};

/** Each bound of the page as `[bound, number in its base unit, who sets it]`; those without a number are left out. */
const page = [
  ...readFileSync(`${root}docs/limits.md`, "utf8").matchAll(/^\| (.+?) \| ([\d,]+) ?(\w*) \| (.+?) \| .+ \|$/gm),
].map(
  ([, bound = "", number = "", unit = "", by = ""]) =>
    [bound, Number(number.replaceAll(",", "")) * (units[unit] ?? Number.NaN), by] as const,
);

const valueOf = ([of, unit = 1]: [string, number?]): number =>
  of.split(" + ").reduce((sum, name) => sum + (known.get(name) ?? Number.NaN), 0) * unit;

test("docs/limits.md says of each bound what the program keeps to", () => {
  const ofTheTool = "Each of these three, as a number";
  expect(Object.fromEntries(page.map(([bound, number]) => [bound, number]))).toEqual({
    ...Object.fromEntries(Object.entries(rows).map(([bound, row]) => [bound, valueOf(row)])),
    [ofTheTool]: 2 ** 31 - 1,
  });
});

test("every number of the program that could be a bound stands on that page, or is none", () => {
  const names = constants().map(([name]) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  const told = new Set(Object.values(rows).flatMap(([of]) => of.split(" + ")));
  expect([...known.keys()].filter((name) => !told.has(name)).toSorted()).toEqual(noBounds);
});

test("no list of limits is left out of that", () => {
  const lists = files.flatMap((file) =>
    [...source(file).matchAll(/^export const (\w*[lL]imits) = /gm)].map(([, name = ""]) => `${basename(file)} ${name}`),
  );
  // Each is read above by `named`.
  expect(lists.toSorted()).toEqual([
    "checks.ts limits",
    "guests.ts guestLimits",
    "holdings.ts holdLimits",
    "limits.ts limits",
    "sockets.ts socketLimits",
  ]);
});

test("what the operator sets is said to be so, by the variable's name", () => {
  const variableOf = (of: string) =>
    of
      .replace("config.", "")
      .replace(/[A-Z]/g, (capital) => `_${capital}`)
      .toUpperCase();
  const byVariable = Object.entries(rows).filter(([, [of]]) => of.startsWith("config."));
  const said = new Map(page.map(([bound, , by]) => [bound, by]));
  for (const [bound, [of]] of byVariable) expect([bound, said.get(bound)]).toEqual([bound, `\`${variableOf(of)}\``]);
});
