import {
  type DocumentNode,
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  isCompositeType,
  isListType,
} from "graphql";
import { type ComplexityEstimator, getComplexity } from "graphql-query-complexity";
import { pageSize } from "./limits.js";

/** A write is dearer than a read: it is flushed to disk. */
const WRITE_POINTS = 10;
/** One object, and yet many rows are read for it: of every session that the license ever had, at most. */
const DEAR: Readonly<Record<string, number>> = { LicenseUsage: 200 };
/** Beyond every limit; counting stops there. */
const UNCOUNTABLE = 1_000_000;
const MOST_FIELDS = 3_000;

/** How many of what is inside this field there may be. */
function sizeOf(typeName: string, args: Record<string, unknown>): number {
  if (!typeName.endsWith("Connection")) return Array.isArray(args["ids"]) ? args["ids"].length : 1;
  const asked = Number(args["first"] ?? args["last"] ?? pageSize.normal);
  // A page size out of bounds is the resolver's to refuse, in words of its own.
  return Math.min(Math.max(asked, 0), pageSize.most);
}

/**
 * A point is one object that may come back: values inside it are free under their own names, a list costs as many as
 * its page may hold, a mutation ten more, and totals what their counting costs.
 */
const points: ComplexityEstimator = ({ type, field, args, childComplexity, node }) => {
  const named = getNamedType(field.type);
  // Under thirty names a text of thousands of letters would come thirty times for each object.
  if (!isCompositeType(named)) return node.alias ? 1 : 0;
  if (named.name === "PageInfo" || named.name.startsWith("__")) return 0;
  // An edge is its node; so that `edges { node }` costs what `nodes` does.
  if (type.name.endsWith("Edge")) return childComplexity;
  const own = type.name === "Mutation" ? WRITE_POINTS + 1 : (DEAR[named.name] ?? 1);
  const size = sizeOf(named.name, args);
  // The page is read also where only its count or its window is asked for.
  if (named.name.endsWith("Connection")) return own + size * Math.max(1, childComplexity);
  return (isListType(field.type) ? size : 1) * (own + childComplexity);
};

/** What an operation costs at most, in points. */
export function costOf(
  schema: GraphQLSchema,
  {
    document,
    operationName,
    variables,
  }: { document: DocumentNode; operationName?: string | undefined; variables: object },
): number {
  try {
    const cost = getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      estimators: [points],
      // A document that fits the limits has far fewer, unless its fragments are spread to multiply.
      maxQueryNodes: MOST_FIELDS,
      ...(operationName !== undefined && { operationName }),
    });
    return Math.min(cost, UNCOUNTABLE);
  } catch (error) {
    // More fields, with their fragments spread out, than it is willing to look at.
    if (error instanceof GraphQLError) return UNCOUNTABLE;
    throw error;
  }
}
