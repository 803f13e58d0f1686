import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GraphQLFormattedError, GraphQLSchema } from "graphql";
import { isObject } from "../domain/checks.js";
import type { Resource } from "../domain/refusal.js";
import type { Context } from "../graphql/context.js";
import { finish } from "../graphql/run/finish.js";
import type { Operation } from "../graphql/run/operation.js";
import { Text } from "../graphql/run/text.js";
import { ListTurns } from "./list-turns.js";

const folder = fileURLToPath(new URL("operations/", import.meta.url));

/** Rows that are read at once; a list of more is written piece by piece. */
export const V1_PAGE_LIMIT = 1_000;
/** Rows of such a piece. */
export const PIECE_ROWS = 500;

/** What an operation came to: its root value, or why there is none. */
export type Outcome = { root: unknown; next: string | null } | { refused: Refused };

interface Refused {
  code: unknown;
  messages: string[];
  retryAfterSeconds?: number;
}

/** No call of v1 can be made narrower: what is too slow is a database that has too much to do. */
function refusedBy({ message, extensions }: GraphQLFormattedError, { say }: Context): Refused {
  const code = extensions?.["code"];
  if (code !== "QUERY_TOO_SLOW") return { code, messages: [message] };
  return { code: "SERVICE_UNAVAILABLE", messages: [say("error.unavailable")] };
}

export interface PageOfList {
  first: number;
  after?: string;
}

export interface Operations {
  /**
   * Begins what runs this operation: now, or in its turn where it is a list.
   * @param work makes its promises itself. One that had to wait is in the old generation by then, and would keep all rows
   * that it came to until that is collected, long after they are answered. It returns false where it runs nothing
   */
  begin(operation: string, work: () => unknown): void;
  /**
   * Waits for nobody's turn.
   * @param page of a list that is read in pieces; all that is read at once when left out
   * @returns `next`: where a list goes on after this page, or "" where its pieces are to be read from its beginning; null
   * where it ends, or is none
   */
  run(operation: string, variables: Record<string, unknown>, context: Context, page?: PageOfList): Promise<Outcome>;
}

interface Connection {
  nodes: unknown[];
  /** Its end only of a list that is read in pieces. */
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

const known = new WeakMap<GraphQLSchema, Map<number, ReadonlyMap<string, Operation>>>();

/** Read once for each schema: they are the same operations in every server of a process. */
function operationsOf(schema: GraphQLSchema, compiledFrom: number): ReadonlyMap<string, Operation> {
  const ofSchema = known.get(schema) ?? new Map<number, ReadonlyMap<string, Operation>>();
  const operations = ofSchema.get(compiledFrom) ?? readOperations(schema, compiledFrom);
  known.set(schema, ofSchema.set(compiledFrom, operations));
  return operations;
}

function readOperations(schema: GraphQLSchema, compiledFrom: number): ReadonlyMap<string, Operation> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".graphql"));
  // Joined, so that they share their fragments without an import syntax.
  const joined = files.map((file) => readFileSync(`${folder}/${file}`, "utf8")).join("\n");
  const text = new Text(schema, joined, { maxTokens: Number.POSITIVE_INFINITY, compiledFrom, isKept: true });
  if (text.faults.length > 0) throw new Error(`v1's operations don't fit the schema:\n${text.faults.join("\n")}`);
  return text.separated();
}

/** The connection a document selects: the root itself, or a field of it. */
function connectionIn(root: unknown): Connection | undefined {
  if (!isObject(root)) return undefined;
  const found = [root, ...Object.values(root)].find((value) => isObject(value) && "pageInfo" in value);
  return found as Connection | undefined;
}

const takes = ({ variableDefinitions = [] }: Operation["node"], name: string): boolean =>
  variableDefinitions.some(({ variable }) => variable.name.value === name);

const missingKinds: Record<string, Resource> = { meeting: "MEETING", session: "SESSION" };

/**
 * v1's twelve operations, parsed and validated once: a document that does not fit the schema stops the start, not a
 * request.
 * @param compiledFrom which run of each is the first as code
 * @throws Error naming what does not fit
 */
export function openOperations(schema: GraphQLSchema, compiledFrom = 1): Operations {
  const operations = operationsOf(schema, compiledFrom);
  const lists = new Set([...operations].filter(([, { node }]) => takes(node, "first")).map(([name]) => name));
  const turns = new ListTurns();

  async function once(name: string, variables: Record<string, unknown>, context: Context): Promise<Outcome> {
    const operation = operations.get(name);
    if (!operation) throw new Error(`there is no operation ${name}`);
    const values = operation.read(variables);
    const result = "coerced" in values ? await operation.run(context, values) : { errors: values };
    const { data, errors = [] } = result;
    const [error] = finish(errors, context).errors;
    if (error) return { refused: refusedBy(error, context) };
    const [field, root] = Object.entries(data ?? {})[0] ?? [];
    if (isObject(root) && "code" in root && "messages" in root) {
      return { refused: root as unknown as Refused };
    }
    if (root == null) {
      const sentence = context.say(`refusal.NOT_FOUND.${missingKinds[field ?? ""] ?? "MEETING"}`);
      return { refused: { code: "NOT_FOUND", messages: [sentence] } };
    }
    return { root, next: null };
  }

  return {
    begin(name, work) {
      if (lists.has(name)) turns.take(work);
      else work();
    },

    async run(name, variables, context, page) {
      const isList = lists.has(name);
      const { first, after } = page ?? { first: V1_PAGE_LIMIT };
      const asked = isList ? { first, after: after ?? null, inPieces: page !== undefined, ...variables } : variables;
      const outcome = await once(name, asked, context);
      if ("refused" in outcome || !isList) return outcome;
      const { nodes = [], pageInfo } = connectionIn(outcome.root) ?? {};
      turns.took(nodes.length);
      return { root: outcome.root, next: pageInfo?.hasNextPage ? (pageInfo.endCursor ?? "") : null };
    },
  };
}
