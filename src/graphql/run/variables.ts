import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";
import { isObject, MOST_ENTRIES, MOST_FAULTS } from "../../domain/checks.js";
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

type Where = readonly (string | number)[];

/**
 * The value with every list that is too long emptied, so that what is refused anyway is not looked at one by one.
 * @param onLong hears where they stand
 */
function bounded(value: unknown, type: GraphQLInputType, where: Where, onLong: (where: Where) => void): unknown {
  if (isNonNullType(type)) return bounded(value, type.ofType, where, onLong);
  if (isListType(type)) {
    if (!Array.isArray(value)) return value;
    if (value.length <= MOST_ENTRIES) {
      return value.map((item, index) => bounded(item, type.ofType, [...where, index], onLong));
    }
    onLong(where);
    return [];
  }
  if (!isInputObjectType(type) || !isObject(value)) return value;
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const field = fields[key];
      return [key, field ? bounded(inner, field.type, [...where, key], onLong) : inner];
    }),
  );
}

/** Ends a coercion that has found enough. */
class EnoughFaults extends Error {}

/** The faults of one variable's value, of which the sentence says all but where it stands. */
function valueFaults(value: unknown, type: GraphQLInputType, tell: (where: Where, sentence: string) => void): void {
  const looked = bounded(value, type, [], (where) => tell(where, `at most ${MOST_ENTRIES} entries are allowed.`));
  coerceInputValue(looked, type, (where, _value, { message }) => {
    const expected = typeAt(type, where);
    const isValue = isLeafType(getNamedType(expected)) && !message.startsWith("Field ");
    tell(where, isValue ? `a value of type "${String(expected)}" is expected.` : message);
  });
}

/**
 * The faults of an operation's variables, all at once (as many as one answer tells) and in our own words: graphql-js
 * would print the rejected value, which may be a password.
 */
export function variableFaults(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const faults: GraphQLError[] = [];
  const add = (message: string) => {
    faults.push(badVariable(message));
    if (faults.length === MOST_FAULTS) throw new EnoughFaults();
  };
  try {
    for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
      const name = variable.name.value;
      const type = typeFromAST(schema, typeNode as never) as GraphQLInputType | undefined;
      if (!type || !isInputType(type)) continue;
      if (Object.hasOwn(values, name)) {
        valueFaults(values[name], type, (where, sentence) =>
          add(`Variable "$${[name, ...where].join(".")}": ${sentence}`),
        );
      } else if (isNonNullType(type) && !defaultValue) {
        add(`Variable "$${name}" of type "${String(type)}" is required.`);
      }
    }
  } catch (error) {
    if (!(error instanceof EnoughFaults)) throw error;
  }
  return faults;
}
