import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  isLeafType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";
import { fault } from "./codes.js";

const badVariable = (message: string): GraphQLError => fault("BAD_USER_INPUT", message, { http: { status: 400 } });

/** The type of what stands at `path` inside a variable. */
function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  let at: GraphQLInputType = type;
  for (const step of path) {
    const named = getNamedType(at);
    if (typeof step === "string" && isInputObjectType(named)) at = named.getFields()[step]?.type ?? named;
  }
  return at;
}

/**
 * The faults of an operation's variables, all at once and in our own words: graphql-js would print the rejected value,
 * which may be a password.
 */
export function variableFaults(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const faults: GraphQLError[] = [];
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode as never) as GraphQLInputType | undefined;
    if (!type || !isInputType(type)) continue;
    if (!Object.hasOwn(values, name)) {
      if (isNonNullType(type) && !defaultValue)
        faults.push(badVariable(`Variable "$${name}" of type "${String(type)}" is required.`));
      continue;
    }
    coerceInputValue(values[name], type, (path, _value, error) => {
      const where = [name, ...path].join(".");
      const expected = typeAt(type, path);
      const isValue = isLeafType(getNamedType(expected)) && !error.message.startsWith("Field ");
      faults.push(
        badVariable(
          `Variable "$${where}": ${isValue ? `a value of type "${String(expected)}" is expected.` : error.message}`,
        ),
      );
    });
  }
  return faults;
}
