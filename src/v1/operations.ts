import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GraphQLSchema } from "graphql";
import { isObject } from "../domain/checks.js";
import type { Resource } from "../domain/refusal.js";
import type { Context } from "../graphql/context.js";
import { finish } from "../graphql/run/finish.js";
import type { Operation } from "../graphql/run/operation.js";
import { Text } from "../graphql/run/text.js";

const folder = fileURLToPath(new URL("operations/", import.meta.url));

/** Rows of one inner page; a list of more is read in several, all from one snapshot. */
export const V1_PAGE_LIMIT = 10_000;

/** What an operation came to: its root value, or why there is none. */
type Outcome = { root: unknown } | { refused: Refused };

interface Refused {
  code: unknown;
  messages: string[];
  retryAfterSeconds?: number;
}

export interface Operations {
  run(operation: string, variables: Record<string, unknown>, context: Context): Promise<Outcome>;
}

interface Connection {
  nodes: unknown[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

function readOperations(schema: GraphQLSchema): ReadonlyMap<string, Operation> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".graphql"));
  // Joined, so that they share their fragments without an import syntax.
  const joined = files.map((file) => readFileSync(`${folder}/${file}`, "utf8")).join("\n");
  const text = new Text(schema, joined, Number.POSITIVE_INFINITY);
  if (text.faults.length > 0) throw new Error(`v1's operations don't fit the schema:\n${text.faults.join("\n")}`);
  return text.separated();
}

/** The connection a document selects: the root itself, or a field of it. */
function connectionIn(root: unknown): Connection | undefined {
  if (!isObject(root)) return undefined;
  const found = [root, ...Object.values(root)].find((value) => isObject(value) && "pageInfo" in value);
  return found as Connection | undefined;
}

const missingKinds: Record<string, Resource> = { meeting: "MEETING", session: "SESSION" };

/**
 * v1's twelve operations, parsed and validated once: a document that does not fit the schema stops the start, not a
 * request.
 * @throws Error naming what does not fit
 */
export function openOperations(schema: GraphQLSchema): Operations {
  const operations = readOperations(schema);

  async function once(name: string, variables: Record<string, unknown>, context: Context): Promise<Outcome> {
    const operation = operations.get(name);
    if (!operation) throw new Error(`there is no operation ${name}`);
    const { data, errors = [] } = await operation.run(context, variables);
    const [error] = finish(errors, context).errors;
    if (error) return { refused: { code: error.extensions?.["code"], messages: [error.message] } };
    const [field, root] = Object.entries(data ?? {})[0] ?? [];
    if (isObject(root) && "code" in root && "messages" in root) {
      return { refused: root as unknown as Refused };
    }
    if (root == null) {
      const sentence = context.say(`refusal.NOT_FOUND.${missingKinds[field ?? ""] ?? "MEETING"}`);
      return { refused: { code: "NOT_FOUND", messages: [sentence] } };
    }
    return { root };
  }

  return {
    async run(operation, variables, context) {
      const paged = { ...variables, first: V1_PAGE_LIMIT };
      const outcome = await once(operation, paged, context);
      const list = "root" in outcome ? connectionIn(outcome.root) : undefined;
      let page = list;
      while (page?.pageInfo.hasNextPage) {
        const next = await once(operation, { ...paged, after: page.pageInfo.endCursor }, context);
        if ("refused" in next) return next;
        page = connectionIn(next.root);
        list?.nodes.push(...(page?.nodes ?? []));
      }
      return outcome;
    },
  };
}
