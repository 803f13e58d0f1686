import { readFileSync } from "node:fs";
import * as z from "zod";

/** An operation as a client's build has written it down. */
export interface Listed {
  id: string;
  /** Apollo's manifest names its operations, Relay's does not. */
  name: string | undefined;
  text: string;
}

/** A manifest that can't be served from: whoever starts the server can put it right. */
export class UnusableManifest extends Error {
  override readonly name = "UnusableManifest";
  constructor(path: string, what: string) {
    super(`TRUSTED_DOCUMENTS: ${path} ${what}`);
  }
}

const id = z.string().min(1);
const apollo = z.object({
  format: z.literal("apollo-persisted-query-manifest"),
  version: z.literal(1),
  operations: z.array(z.object({ id, name: z.string(), body: z.string() })),
});
const relay = z.record(id, z.string());

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UnusableManifest(path, `can't be read: ${(error as Error).message}`);
  }
}

const indented = (lines: readonly string[]): string => lines.map((line) => `\n  ${line}`).join("");

const placesOf = ({ issues }: z.ZodError): string =>
  indented(issues.map(({ path, message }) => `${path.join(".") || "(the whole)"}: ${message}`));

/**
 * The operations of a manifest in Apollo's format or Relay's.
 * @throws UnusableManifest when there is no such file, or it is of neither format
 */
export function readManifest(path: string): Listed[] {
  const content = readJson(path);
  if (typeof content === "object" && content !== null && "format" in content) {
    const read = apollo.safeParse(content);
    if (!read.success) throw new UnusableManifest(path, `is no manifest of Apollo's version 1:${placesOf(read.error)}`);
    return read.data.operations.map(({ body, ...operation }) => ({ ...operation, text: body }));
  }
  const read = relay.safeParse(content);
  if (read.success) return Object.entries(read.data).map(([key, text]) => ({ id: key, name: undefined, text }));
  throw new UnusableManifest(
    path,
    `is neither Apollo's manifest ("format": "apollo-persisted-query-manifest") nor Relay's (texts by their ids):${placesOf(read.error)}`,
  );
}

const MOST_SHOWN = 20;

/** @throws UnusableManifest naming the faults, when there are any */
export function refuseFaults(path: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length > MOST_SHOWN ? [`and ${faults.length - MOST_SHOWN} more`] : [];
  throw new UnusableManifest(path, `holds what can't be served:${indented([...faults.slice(0, MOST_SHOWN), ...more])}`);
}
