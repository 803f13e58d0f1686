import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";

/** Ids of objects that are there, by the field that finds one of them. */
export type Known = Readonly<Record<string, string>>;

/** An operation that reaches a field. */
export interface Reaching {
  /** Type and field. */
  field: string;
  query: string;
}

type Field = GraphQLField<unknown, unknown>;

const isConnection = (field: Field): boolean => getNamedType(field.type).name.endsWith("Connection");

/** How the field is asked for: large pages near the root, small ones below, so that an operation stays affordable. */
function call(field: Field, known: Known, page: number): string {
  const args: string[] = isConnection(field) ? [`first: ${page}`] : [];
  for (const argument of field.args) {
    if (!isRequiredArgument(argument)) continue;
    const id = known[field.name];
    if (id === undefined) throw new Error(`no ${argument.name} for ${field.name}`);
    args.push(`${argument.name}: ${id}`);
  }
  return args.length > 0 ? `${field.name}(${args.join(", ")})` : field.name;
}

/** Every value that an object has by itself. */
function leaves(type: GraphQLObjectType): string {
  const found = Object.values(type.getFields()).filter(
    ({ type: of, args }) => isLeafType(getNamedType(of)) && !args.some(isRequiredArgument),
  );
  return found.length > 0 ? found.map(({ name }) => name).join(" ") : "__typename";
}

/** What is selected of a field's own type. */
function inner(field: Field): string {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return "";
  if (isAbstractType(type)) return " { __typename }";
  return ` { ${leaves(type as GraphQLObjectType)} }`;
}

const wrapped = (path: readonly string[], innermost: string): string =>
  `{ ${path.join(" { ")} { ${innermost} ${"}".repeat(path.length)} }`;

/** One operation for each field of each type that a query reaches, on the shortest way to it. */
export function everyField(schema: GraphQLSchema, known: Known): Reaching[] {
  const root = schema.getQueryType() as GraphQLObjectType;
  const found: Reaching[] = [];
  const reached = new Set([root.name]);
  const waiting: { type: GraphQLObjectType; path: string[]; pages: number }[] = [{ type: root, path: [], pages: 0 }];
  for (let at = waiting.shift(); at; at = waiting.shift()) {
    const { type, path, pages } = at;
    for (const field of Object.values(type.getFields())) {
      const asked = call(field, known, pages === 0 ? 100 : 10);
      const selection = `${asked}${inner(field)}`;
      const query = path.length > 0 ? wrapped(path, selection) : `{ ${selection} }`;
      found.push({ field: `${type.name}.${field.name}`, query });
      const below = getNamedType(field.type);
      if (!isObjectType(below) || reached.has(below.name)) continue;
      reached.add(below.name);
      waiting.push({ type: below, path: [...path, asked], pages: pages + (isConnection(field) ? 1 : 0) });
    }
  }
  return found;
}
