import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  GraphQLScalarType,
  type OperationDefinitionNode,
  OperationTypeNode,
  type Token,
  visit,
} from "graphql";
import type { Context } from "../context.js";
import { ThrownInside } from "./guard.js";
import { SETTLED_TYPE, settle } from "./settled.js";
import type { Coerced } from "./variables.js";

type Result = ExecutionResult<Record<string, unknown>>;

/** An operation as code. Undefined where graphql-js must do it: an argument is refused, or an error may be another. */
export type Compiled = (context: Context, coerced: Coerced) => Result | undefined | Promise<Result | undefined>;

let compiler: typeof import("./jit.js") | undefined;
let loading: Promise<void> | undefined;

/** It takes as long as a fifth of a start, so meanwhile operations are interpreted. */
export function loadCompiler(): Promise<void> {
  loading ??= import("./jit.js").then((loaded) => {
    compiler = loaded;
  });
  return loading;
}

/** Whether code can be made already; to ask begins to load what makes it. */
export function canCompile(): boolean {
  // Where it can't be loaded, all goes on being interpreted: that answers the same, and takes longer.
  if (!loading) loadCompiler().catch((error: unknown) => process.emitWarning(error as Error));
  return compiler !== undefined;
}

const settledType = new GraphQLScalarType({ name: SETTLED_TYPE });

/** The same schema, which knows one type more: that of values which are settled. */
const knowingSettled = (schema: GraphQLSchema): GraphQLSchema =>
  Object.create(schema, {
    getType: { value: (name: string) => (name === SETTLED_TYPE ? settledType : schema.getType(name)) },
  }) as GraphQLSchema;

/** graphql-jit says lines and columns, and graphql-js wants to know where in the text. */
function positionsIn({ loc }: OperationDefinitionNode, { locations = [] }: GraphQLError): number[] {
  let first: Token | undefined = loc?.startToken;
  while (first?.prev) first = first.prev;
  return locations.flatMap(({ line, column }) => {
    for (let token = first; token; token = token.next ?? undefined) {
      if (token.line === line && token.column === column) return [token.start];
    }
    return [];
  });
}

/** graphql-jit's errors are of a class of its own. */
function asOurs(node: OperationDefinitionNode, error: GraphQLError): GraphQLError {
  const { message, path, originalError } = error;
  return new GraphQLError(message, {
    source: node.loc?.source ?? null,
    positions: positionsIn(node, error),
    path: path ?? null,
    originalError: originalError instanceof Error ? originalError : null,
  });
}

/** Of several errors one may hide another or come before it, and a read can be done again; a write can't. */
function isSure({ operation }: OperationDefinitionNode, { data, errors = [] }: Result): boolean {
  if (errors.length === 0 || operation === OperationTypeNode.MUTATION) return true;
  return errors.length === 1 && data !== null && !(errors[0]?.originalError instanceof ThrownInside);
}

/**
 * graphql-jit joins the names on a field's way with "_" to tell fields apart, so of two it might mix up what resolvers look
 * at; `__proto__`, of an alias or a variable, would become an object's prototype; a variable that is not given and is called
 * as something every object has (`constructor`) would be that; and who asks for the schema would find the one type more.
 */
function hasOddNames(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Field({ alias, name }) {
      isFound ||= alias?.value.includes("_") === true || name.value === "__schema" || name.value === "__type";
    },
    Variable({ name }) {
      isFound ||= name.value in Object.prototype;
    },
  });
  return isFound;
}

/**
 * Makes code of a valid operation, for these values of what `@skip` and `@include` ask.
 * @returns undefined where it can't be compiled, or not yet
 */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  node: OperationDefinitionNode,
  coerced: Coerced,
): Compiled | undefined {
  if (!compiler || hasOddNames(document)) return undefined;
  const { compileQuery, isCompiledQuery } = compiler;
  const settled = settle(schema, document, node, coerced);
  const compiled = compileQuery(knowingSettled(schema), settled.document, undefined, {
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return undefined;
  const finished = (result: Result): Result | undefined => {
    if (!result.errors) return result;
    return isSure(node, result) ? { ...result, errors: result.errors.map((each) => asOurs(node, each)) } : undefined;
  };
  return (context, given) => {
    const values = settled.valuesOf(given);
    if (!values) return undefined;
    const result = compiled.query(undefined, context, values);
    return result instanceof Promise ? result.then(finished) : finished(result);
  };
}
