import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, OperationTypeNode } from "graphql";
import type { Context } from "../../context.js";
import type { Coerced, Values } from "../variables.js";
import { type Compiling, type Outcome, type Result, tellAgain } from "./again.js";
import { isThenable, Run, unsure } from "./running.js";
import { type RootField, Uncompilable, Writer } from "./writer.js";

/** An operation as code. */
export type Compiled = (context: Context, values: Values) => Result | Promise<Result>;

/** Asks a field of the root, and notes what it gives. */
function ask(run: Run, { name, ask: asked }: RootField, outcomes: Map<string, Outcome>): unknown {
  try {
    const value = asked(run);
    outcomes.set(name, () => value);
    return value;
  } catch (thrown) {
    if (thrown !== unsure) {
      outcomes.set(name, () => {
        throw thrown;
      });
    }
    throw thrown;
  }
}

/** Whose data are void has to be told again. @returns the data of these fields, or undefined where nobody can be sure of them */
function made(run: Run, fields: readonly RootField[], outcomes: Map<string, Outcome>) {
  const data: Record<string, unknown> = {};
  for (const { name } of fields) data[name] = null;
  try {
    for (const field of fields) {
      const value = ask(run, field, outcomes);
      if (isThenable(value)) run.wait(data, field.name, value, field.complete);
      else data[field.name] = field.complete(run, value);
    }
  } catch {
    // Whatever it is, graphql-js meets it as well, and tells it.
    run.isVoid = true;
  }
  return data;
}

/** Fields of the root, one beside the other. */
function together(compiling: Compiling, fields: readonly RootField[], context: Context, values: Values) {
  const run = new Run(context, values.coerced);
  const outcomes = new Map<string, Outcome>();
  const data = made(run, fields, outcomes);
  const finish = () => (run.isVoid ? tellAgain(compiling, fields, outcomes, { context, values }) : { data });
  return run.settled()?.then(finish) ?? finish();
}

/** One after the other, as writes are done. */
async function inSeries(compiling: Compiling, fields: readonly RootField[], context: Context, values: Values) {
  const data: Record<string, unknown> = {};
  const errors: NonNullable<Result["errors"]>[number][] = [];
  for (const field of fields) {
    const told = await together(compiling, [field], context, values);
    data[field.name] = told.data?.[field.name] ?? null;
    errors.push(...(told.errors ?? []));
  }
  return errors.length > 0 ? { errors, data } : { data };
}

const isWrite = ({ operation }: OperationDefinitionNode): boolean => operation === OperationTypeNode.MUTATION;

/**
 * Makes code of a valid operation, for these values of what `@skip` and `@include` ask. It tells what graphql-js would, and
 * where it can't be sure of that, graphql-js tells it.
 * @returns undefined where all of it is graphql-js'
 */
export function compile(compiling: Compiling, coerced: Coerced): Compiled | undefined {
  const { schema, document, node } = compiling;
  const root = schema.getRootType(node.operation);
  if (!root) return undefined;
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments[each.name.value] = each;
  const writer = new Writer({ schema, fragments, coerced }, { schema, fragments, operation: node });
  try {
    const fields = writer.root(root);
    const run = isWrite(node) ? inSeries : together;
    return (context, values) => run(compiling, fields, context, values);
  } catch (error) {
    if (error instanceof Uncompilable) return undefined;
    throw error;
  }
}
