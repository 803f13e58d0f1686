import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Writable } from "node:stream";
import { Complaint } from "./complaint.js";

/** @throws Complaint when nobody answers */
export async function askHidden(
  question: string,
  from: Readable = process.stdin,
  to: NodeJS.WritableStream = process.stderr,
): Promise<string> {
  // The terminal's own echo is readline's to write, and what it writes goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: from, output: nowhere, terminal: true });
  to.write(`${question}: `);
  try {
    return await new Promise((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("close", () => reject(new Complaint("nothing was entered")));
      lines.once("SIGINT", () => reject(new Complaint("nothing was entered")));
    });
  } finally {
    lines.close();
    to.write("\n");
  }
}
