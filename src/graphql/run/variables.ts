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
  valueFromAST,
} from "graphql";
import { isObject, MOST_ENTRIES, MOST_FAULTS } from "../../domain/checks.js";
import { fault } from "./codes.js";
import { readerOf, UNSURE } from "./plain-values.js";

export type Variables = Readonly<Record<string, unknown>>;

/** Variables as resolvers get them, checked and with what they are where they were not given. */
export type Coerced = Readonly<Record<string, unknown>>;

/** An operation's variables, in both forms. */
export interface Values {
  given: Variables;
  coerced: Coerced;
}

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

type Tell = (where: Where, sentence: string) => void;

/** One variable's value as resolvers get it; of its faults the sentence says all but where they stand. */
function valueOf(value: unknown, { type, read }: Declared, tell: Tell): unknown {
  const taken = read(value);
  if (taken !== UNSURE) return taken;
  const looked = bounded(value, type, [], (where) => tell(where, `at most ${MOST_ENTRIES} entries are allowed.`));
  return coerceInputValue(looked, type, (where, _value, { message }) => {
    const expected = typeAt(type, where);
    const isValue = isLeafType(getNamedType(expected)) && !message.startsWith("Field ");
    tell(where, isValue ? `a value of type "${String(expected)}" is expected.` : message);
  });
}

/** A variable as an operation declares it. */
interface Declared {
  name: string;
  type: GraphQLInputType;
  read: ReturnType<typeof readerOf>;
  /** What it is where it is not given; each time anew, so that none shares it. */
  normal: (() => unknown) | undefined;
}

/** The variables of one operation. */
export class Declarations {
  readonly #declared: readonly Declared[];

  constructor(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode) {
    this.#declared = variableDefinitions.flatMap(({ variable, type: typeNode, defaultValue }) => {
      const type = typeFromAST(schema, typeNode as never) as GraphQLInputType | undefined;
      if (!type || !isInputType(type)) return [];
      const normal = defaultValue && (() => valueFromAST(defaultValue, type));
      return [{ name: variable.name.value, type, read: readerOf(type), normal }];
    });
  }

  /**
   * The values as resolvers get them, or what is wrong with them, all at once (as many as one answer tells) and in our own
   * words: graphql-js would print the rejected value, which may be a password.
   */
  read(given: Variables): Values | readonly GraphQLError[] {
    const faults: GraphQLError[] = [];
    const coerced: Record<string, unknown> = {};
    const add = (message: string) => {
      faults.push(badVariable(message));
      if (faults.length === MOST_FAULTS) throw new EnoughFaults();
    };
    try {
      for (const declared of this.#declared) {
        const { name, type, normal } = declared;
        if (Object.hasOwn(given, name)) {
          coerced[name] = valueOf(given[name], declared, (where, sentence) =>
            add(`Variable "$${[name, ...where].join(".")}": ${sentence}`),
          );
        } else if (normal) coerced[name] = normal();
        else if (isNonNullType(type)) add(`Variable "$${name}" of type "${String(type)}" is required.`);
      }
    } catch (error) {
      if (!(error instanceof EnoughFaults)) throw error;
    }
    return faults.length > 0 ? faults : { given, coerced };
  }
}
