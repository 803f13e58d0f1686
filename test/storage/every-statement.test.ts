import { readdirSync, readFileSync } from "node:fs";
import { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import { expect, onTestFinished, test, vi } from "vitest";
import { openStorage } from "../../src/storage/index.js";
import { temporaryFolder } from "../helpers/boot.js";
import { askEveryList } from "./every-list.js";
import { askEverything } from "./every-query.js";

const written = new URL("../../src/storage/queries/", import.meta.url);
const compiled = new URL("../../dist/storage/queries/", import.meta.url);

/** From an opening bracket to its own closing one. */
function bracketed(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    depth += { "(": 1, ")": -1 }[text[at] as "("] ?? 0;
    if (depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}

interface Made {
  file: string;
  first: number;
  last: number;
}

/** Where a statement is made at its first use: `many(() => …)`, and likewise one, run, listed and doesChange. */
function statementsMade(): Made[] {
  return readdirSync(written, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && file !== "prepare.ts")
    .map((file) => file.replace(/\.ts$/, ".js"))
    .flatMap((file) => {
      const text = readFileSync(new URL(file, compiled), "utf8");
      return [...text.matchAll(/\b(?:many|one|run|listed|doesChange)\((?:\w+, )?\(\) =>/g)].map(
        ({ 0: call, index }) => {
          const first = text.slice(0, index).split("\n").length;
          return { file, first, last: first + bracketed(text, index + call.indexOf("(")).split("\n").length - 1 };
        },
      );
    });
}

/** Lines of the queries' files on which drizzle is asked to build a statement while the test runs. */
function linesBuilt(): ReadonlySet<string> {
  const lines = new Set<string>();
  const database = BaseSQLiteDatabase.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ["select", "selectDistinct", "insert", "update", "delete"]) {
    const original = database[name] as (...args: unknown[]) => unknown;
    const spy = vi.spyOn(database, name).mockImplementation(function (this: object, ...args: unknown[]) {
      const places = (new Error("where it is built").stack ?? "").matchAll(/storage\/queries\/([\w/-]+\.js):(\d+)/g);
      for (const [, file, line] of places) lines.add(`${file} ${line}`);
      return original.apply(this, args);
    });
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
}

test("every statement that the queries can make is among those whose plans are looked at", async () => {
  const built = linesBuilt();
  const storage = openStorage({ path: `${temporaryFolder()}/x.sqlite`, exclusive: true, busyMs: 100 });
  await storage.transaction((tx) => askEverything(tx, 3));
  await askEveryList(storage.read);
  await storage.close();
  const made = statementsMade();
  expect(made.length).toBeGreaterThan(120);
  const isBuilt = ({ file, first, last }: Made): boolean =>
    Array.from({ length: last - first + 1 }, (_, at) => `${file} ${first + at}`).some((line) => built.has(line));
  expect(made.filter((statement) => !isBuilt(statement))).toEqual([]);
});
