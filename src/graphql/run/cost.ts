import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
} from "graphql";
import { type ComplexityEstimator, getComplexity } from "graphql-query-complexity";
import { MOST_FORMATS } from "../../domain/recording/note-recording.js";
import { MOST_RUNS } from "../../domain/recording/runs.js";
import { settingList } from "../../domain/settings.js";
import { fragmentsOf, pageSize } from "./limits.js";
import { type Fragments, mergedFields } from "./repeats.js";
import { schemaPoints } from "./schema-cost.js";

/** Any operation, before its text is looked at. */
export const OPERATION_POINTS = 20;
/** A write is dearer than a read: it is flushed to disk. */
const WRITE_POINTS = 10;
/** A condition, an order or a count looks at rows that do not come back. */
const LOOK_POINTS = 10;
/** Values of an object that cost one point together; a power of two, so that sums stay exact. */
const VALUES_A_POINT = 4;
/** One object, and yet many rows are read for it: of every session that the license ever had, at most. */
const DEAR: Readonly<Record<string, number>> = { LicenseUsage: 200 };
/** Values as long as many others together. */
const LONG: Readonly<Record<string, number>> = { "Notes.text": 25 };
/** Entries of lists that are no pages. */
const ENTRIES: Readonly<Record<string, number>> = {
  "MeetingSettings.entries": settingList.length,
  "Recording.formats": MOST_FORMATS,
  "Session.recordingRuns": MOST_RUNS,
  // The mutation's own price is for them.
  "InvalidInputError.issues": 1,
};
/** Beyond every limit; counting stops there. */
const UNCOUNTABLE = 1_000_000;
const MOST_FIELDS = 3_000;

type Args = Readonly<Record<string, unknown>>;

const isPage = (typeName: string): boolean => typeName.endsWith("Connection");

/** How many of what is inside this field there may be. */
function sizeOf(field: string, typeName: string, args: Args): number {
  if (!isPage(typeName)) return Array.isArray(args["ids"]) ? args["ids"].length : (ENTRIES[field] ?? 1);
  const asked = Number(args["first"] ?? args["last"] ?? pageSize.normal);
  // A page size out of bounds is the resolver's to refuse, in words of its own.
  return Math.min(Math.max(asked, 0), pageSize.most);
}

/** Each entry of a list that is given is looked at; ids are objects already. */
function entriesIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + 1 + entriesIn(item), 0);
  if (typeof value !== "object" || value === null || value instanceof Date) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + entriesIn(item), 0);
}

function lookPoints(args: Args, given: readonly string[]): number {
  const { ids: _, filter, ...others } = args;
  const hasFilter = Object.values(filter ?? {}).some((condition) => condition != null);
  const looks = [hasFilter, given.includes("orderBy") && args["orderBy"] != null].filter(Boolean).length;
  return looks * LOOK_POINTS + entriesIn(filter) + entriesIn(others);
}

/** How often a page is counted, under however many names. */
function countsIn({ selectionSet }: FieldNode, fragments: Fragments): number {
  const fields = selectionSet ? [...mergedFields([selectionSet], fragments)] : [];
  const counts = fields.filter(({ name }) => name.value === "totalCount");
  return new Set(counts.map(({ alias, name }) => (alias ?? name).value)).size;
}

/** Whether the caller may not have a field at all; it is answered with an error, and nothing below it is looked for. */
export type IsForbidden = (field: GraphQLField<unknown, unknown>) => boolean;

/**
 * A point is one object that may come back, with its first values; a list costs as many as its page may hold, a mutation
 * ten more, and whatever looks at more than it gives back what its looking costs.
 */
const points =
  (fragments: Fragments, isForbidden: IsForbidden): ComplexityEstimator =>
  ({ type, field, args, childComplexity, node }) => {
    const named = getNamedType(field.type);
    const isOfSchema = type.name.startsWith("__") || named.name.startsWith("__");
    if (isOfSchema) return schemaPoints(type.name, field, childComplexity);
    if (isForbidden(field)) return 1;
    if (!isCompositeType(named)) {
      // A page's own are counted with it.
      if (isPage(type.name)) return 0;
      const long = LONG[`${type.name}.${field.name}`];
      if (long !== undefined) return long;
      // Under thirty names a text of thousands of letters would come thirty times for each object.
      return node.alias ? 1 : 1 / VALUES_A_POINT;
    }
    if (named.name === "PageInfo") return 0;
    const inside = Math.floor(childComplexity);
    // An edge is its node; so that `edges { node }` costs what `nodes` does.
    if (type.name.endsWith("Edge")) return inside;
    const given = node.arguments?.map(({ name }) => name.value) ?? [];
    const own = (type.name === "Mutation" ? WRITE_POINTS + 1 : (DEAR[named.name] ?? 1)) + lookPoints(args, given);
    const size = sizeOf(`${type.name}.${field.name}`, named.name, args);
    // The page is read also where only its count or its window is asked for.
    if (isPage(named.name)) return own + countsIn(node, fragments) * LOOK_POINTS + size * Math.max(1, inside);
    return (isListType(getNullableType(field.type)) ? size : 1) * (1 + inside) + own - 1;
  };

/**
 * What an operation has cost before it begins, or is refused: a text that was not read lately is parsed and validated.
 * @param tokens of such a text; 0 for one that is known
 */
export const readingPoints = (tokens: number): number => OPERATION_POINTS + tokens;

/** What an operation costs at most beyond its reading, in points. */
export function costOf(
  schema: GraphQLSchema,
  {
    document,
    operationName,
    variables,
  }: { document: DocumentNode; operationName?: string | undefined; variables: object },
  isForbidden: IsForbidden = () => false,
): number {
  try {
    const cost = getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      estimators: [points(fragmentsOf(document), isForbidden)],
      // A document that fits the limits has far fewer, unless its fragments are spread to multiply.
      maxQueryNodes: MOST_FIELDS,
      ...(operationName !== undefined && { operationName }),
    });
    return Math.min(Math.ceil(cost), UNCOUNTABLE);
  } catch (error) {
    // More fields, with their fragments spread out, than it is willing to look at.
    if (error instanceof GraphQLError) return UNCOUNTABLE;
    throw error;
  }
}
