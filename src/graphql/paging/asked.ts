import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from "graphql";
import { type Fragments, mergedFields } from "../run/repeats.js";

/** Which columns of its row a field reads, where that is not the one column of the field's own name. */
export type Reads<Row> = Readonly<Record<string, readonly (keyof Row & string)[]>>;

/** The type whose rows a list shows. */
interface Shown {
  readonly reads: Reads<never>;
}

const below = (sets: readonly SelectionSetNode[], name: string, fragments: Fragments): SelectionSetNode[] =>
  [...mergedFields(sets, fragments)].flatMap((field) =>
    field.name.value === name && field.selectionSet ? [field.selectionSet] : [],
  );

type Sets = readonly SelectionSetNode[];

/** The selections of a page's nodes, by whichever way. */
const ofNodes = (page: Sets, fragments: Fragments): Sets => [
  ...below(page, "nodes", fragments),
  ...below(below(page, "edges", fragments), "node", fragments),
];

function columnsIn(sets: Sets, fragments: Fragments, { reads }: Shown): readonly string[] {
  const names = [...mergedFields(sets, fragments)].flatMap(({ name }) => reads[name.value] ?? [name.value]);
  return [...new Set(names)].toSorted();
}

const asker = (setsOf: (sets: Sets, fragments: Fragments) => Sets) => {
  const known = new WeakMap<FieldNode, readonly string[]>();
  return ({ fieldNodes, fragments }: GraphQLResolveInfo, type: Shown): readonly string[] => {
    const [first] = fieldNodes;
    const isAlone = first !== undefined && fieldNodes.length === 1;
    const before = isAlone ? known.get(first) : undefined;
    if (before) return before;
    const byName: Fragments = new Map(Object.entries(fragments));
    const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const columns = columnsIn(setsOf(sets, byName), byName, type);
    if (isAlone) known.set(first, columns);
    return columns;
  };
};

/**
 * The columns that a list's field wants of its rows, `@skip` and `@include` not looked at. Worked out once for a field of
 * a document that was read before.
 */
export const columnsAsked = asker(ofNodes);

/** Likewise those that a field wants of its one row. */
export const columnsOfOne = asker((sets) => sets);
