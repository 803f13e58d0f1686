import { getNamedType, type GraphQLField, isLeafType } from "graphql";

/** How many entries the lists of introspection have in our schema, about. */
const ENTRIES: Readonly<Record<string, number>> = {
  "__Schema.types": 100,
  "__Schema.directives": 5,
  "__Type.fields": 8,
  "__Type.inputFields": 5,
  "__Type.enumValues": 5,
  "__Type.possibleTypes": 5,
  "__Field.args": 2,
  "__Directive.args": 2,
};
/** What introspection gives is in the memory already: so many of its objects cost a point. */
const OBJECTS_A_POINT = 200;
/** A value of such an object, in objects. */
const VALUE = 0.25;

/** Points of a question about the schema; inside it, its objects. */
export function schemaPoints(typeName: string, { name, type }: GraphQLField<unknown, unknown>, inside: number): number {
  const value = isLeafType(getNamedType(type)) ? VALUE : 1 + inside;
  const objects = (ENTRIES[`${typeName}.${name}`] ?? 1) * value;
  // `__typename` is a value as others are.
  if (name === "__typename") return 0;
  return typeName.startsWith("__") ? objects : Math.ceil(objects / OBJECTS_A_POINT);
}
