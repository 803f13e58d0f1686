import {
  defaultFieldResolver,
  type DocumentNode,
  execute,
  type ExecutionResult,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import type { Context } from "../../context.js";
import type { Values } from "../variables.js";
import type { RootField } from "./writer.js";

export type Result = ExecutionResult<Record<string, unknown>>;

/** What a field of the root has given, or thrown. */
export type Outcome = () => unknown;

export interface Compiling {
  schema: GraphQLSchema;
  document: DocumentNode;
  node: OperationDefinitionNode;
}

/** The same schema, whose root gives what it has given already. */
function knowing(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  outcomes: ReadonlyMap<string, Outcome>,
): GraphQLSchema {
  const fields = Object.entries(root.getFields()).map(([name, field]) => {
    const ask = field.resolve ?? defaultFieldResolver;
    const resolve: typeof ask = (parent, args, context, info) => {
      const known = outcomes.get(String(info.path.key));
      return known ? known() : ask(parent, args, context, info);
    };
    return [name, { ...field, resolve }];
  });
  const given = Object.fromEntries(fields) as ReturnType<typeof root.getFields>;
  const knowingRoot = Object.create(root, { getFields: { value: () => given } }) as GraphQLObjectType;
  return Object.create(schema, { getRootType: { value: () => knowingRoot } }) as GraphQLSchema;
}

/**
 * Has graphql-js make the answer of these fields of the root, because code was not sure of it. What a field of the root has
 * given is not asked for again: it may have written, or taken long.
 */
export function tellAgain(
  { schema, document, node }: Compiling,
  fields: readonly Pick<RootField, "nodes">[],
  outcomes: ReadonlyMap<string, Outcome>,
  { context, values }: { context: Context; values: Values },
): Result | Promise<Result> {
  const selections = fields.flatMap(({ nodes }) => nodes);
  const only = { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const root = schema.getRootType(node.operation) as GraphQLObjectType;
  return execute({
    schema: knowing(schema, root, outcomes),
    document: { kind: Kind.DOCUMENT, definitions: [only, ...fragments] },
    contextValue: context,
    variableValues: values.given,
  });
}
