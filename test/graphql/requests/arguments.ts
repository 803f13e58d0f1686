import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

/** A place where a caller's value goes in: an argument, or a field inside one. */
export interface Place {
  type: GraphQLObjectType;
  field: string;
  argument: GraphQLArgument;
  /** Inside the argument; empty: the argument itself. */
  path: string[];
  input: GraphQLArgument | GraphQLInputField;
}

function placesIn(place: Place): Place[] {
  const named = getNamedType(place.input.type);
  if (!isInputObjectType(named)) return [place];
  const inner = Object.values(named.getFields()).flatMap((input) =>
    placesIn({ ...place, path: [...place.path, input.name], input }),
  );
  return [place, ...inner];
}

/** Every argument and every field of an input that the schema has. */
export const placesOf = (schema: GraphQLSchema): Place[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("__"))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        field.args.flatMap((argument) => placesIn({ type, field: field.name, argument, path: [], input: argument })),
      ),
    );

export const nameOf = ({ type, field, argument, path }: Place): string =>
  `${type.name}.${field}(${[argument.name, ...path].join(".")})`;

/** A value that its type takes; of an object, what is required. */
function sample(type: GraphQLInputType, id: string): unknown {
  if (isNonNullType(type)) return sample(type.ofType, id);
  if (isListType(type)) return [sample(type.ofType, id)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, sample(field.type, id)]));
  }
  const scalars: Record<string, unknown> = { ID: id, Int: 60, Boolean: true, DateTime: "2022-12-20T12:08:46.148Z" };
  return scalars[type.name] ?? "x";
}

/** The argument's value with `value` in the place. */
export function valueAt({ argument, path }: Place, value: unknown, id: string): unknown {
  const put = (type: GraphQLInputType, [step, ...rest]: string[]): unknown => {
    if (step === undefined) return value;
    const named = getNamedType(type);
    const field = isInputObjectType(named) ? named.getFields()[step] : undefined;
    if (!field) throw new Error(`${String(type)} has no field ${step}`);
    return { ...(sample(named, id) as object), [step]: put(field.type, rest) };
  };
  return put(argument.type, path);
}

/** A value as a document writes it. */
export function literalOf(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(value, type.ofType);
  if (isListType(type) && Array.isArray(value)) {
    return `[${value.map((entry) => literalOf(entry, type.ofType)).join(" ")}]`;
  }
  if (isInputObjectType(type) && typeof value === "object" && value !== null) {
    const fields = type.getFields();
    const written = Object.entries(value).map(([name, inner]) => {
      const field = fields[name];
      return field ? `${name}: ${literalOf(inner, field.type)}` : "";
    });
    return `{ ${written.join(" ")} }`;
  }
  return isEnumType(type) ? String(value) : JSON.stringify(value);
}

/** What anyone could send where anything else is meant. */
const anything = [null, {}, { a: { b: 1 } }, [], [[1]], [null], true, 1.5, 2 ** 31, -(2 ** 31) - 1, 1e300, -1, 0];
const texts = ["", " ", "\u0000", "\ud800", "x\udc00y", "%_\\'\"", "\u{10ffff}", "\uffff", "İ\u0307ß", "__proto__"];
const instants = [
  "+275760-09-13T00:00:00.000Z",
  "+275760-09-13T00:00:00.001Z",
  "-271821-04-20T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "0000-01-01T00:00:00Z",
  "10000-01-01T00:00:00Z",
  "2022-02-30T00:00:00Z",
  "2022-12-20T24:00:00Z",
  "2022-12-20",
];

/** What a description says of a text's or a list's length. */
export function limitOf({ input: { description, type } }: Place): number | undefined {
  const shape = isNonNullType(type) ? type.ofType : type;
  const said = isListType(shape) ? /at most (\d+) entries/ : /up to (\d+) characters/;
  const most = said.exec(description ?? "")?.[1];
  return most === undefined ? undefined : Number(most);
}

/** Lengths at a limit, just above it, and far. */
const lengthsAround = (limit: number): number[] => [limit, limit + 1, 10 * limit, 50_000];

/** What a request may carry, less than the door's limit. */
const BODY_BYTES = 200_000;

/** What is sent in a place: strange values, and lengths around its limit. */
export function strangeValues(place: Place, id: string): unknown[] {
  const { type } = place.input;
  const shape = isNonNullType(type) ? type.ofType : type;
  const limit = limitOf(place) ?? 36;
  if (isListType(shape)) {
    const entry = sample(shape.ofType, id);
    const most = Math.floor(BODY_BYTES / (JSON.stringify(entry).length + 1));
    const lists = lengthsAround(limit).map((length) => Array.from({ length: Math.min(length, most) }, () => entry));
    return [...anything, ...lists, [entry, null], [entry, "x", 5], "x"];
  }
  const named = getNamedType(type);
  if (named.name === "Boolean" || isEnumType(named)) return [null, "x", 1, [], {}];
  if (isInputObjectType(named)) return [null, [], "x", 5, { unknown: 1 }];
  if (named.name === "ID") return [null, {}, [[1]], true, 1.5, "", "x", "\ud800", "x".repeat(50_000)];
  if (named.name === "DateTime") return [...anything, ...instants];
  if (named.name === "Int") return [...anything, 1, 100, 101, 2 ** 31 - 1, "5"];
  const long = lengthsAround(limit).flatMap((length) => ["x".repeat(length), "ﷺ".repeat(Math.min(length, 5_000))]);
  return [...anything, ...texts, ...long];
}
