import { terminal } from "./terminal.js";

/** What the tool says could not be written: the cause says why. A database's connection breaks by the same codes. */
export class NotPrinted extends Error {
  override readonly name = "NotPrinted";
}

/** @throws NotPrinted when nobody reads it, or it can't be written */
export const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    terminal.out.write(`${text}\n`, (cause) =>
      cause ? reject(new NotPrinted("the output was not written", { cause })) : resolve(),
    );
  });

export const jsonLine = (value: unknown): string => JSON.stringify(value);

/**
 * Rows under their header, aligned. What partners wrote belongs into the last column: how wide Arabic or an emoji is,
 * only the terminal knows.
 */
export function table(header: string[], rows: string[][]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => all.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export const details = (facts: [label: string, value: string][]): string =>
  facts.map(([label, value]) => `  ${label.padEnd(16)}${value}`).join("\n");

export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;
