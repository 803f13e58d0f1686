import { readFileSync } from "node:fs";

/** What the tool hears, and where it speaks. One for a process; tests that run it many times in theirs put another in. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  out: NodeJS.WritableStream;
  err: NodeJS.WritableStream;
  /** All of what it is given. */
  input(): string;
}

export const terminal: Terminal = {
  env: process.env,
  out: process.stdout,
  err: process.stderr,
  input: () => readFileSync(0, "utf8"),
};
