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

/** What a list's rows must have. */
export interface PageAsked {
  names: readonly string[];
  /** Whether no cursor is made of a row. */
  isBare: boolean;
}

function pageAsked(page: Sets, fragments: Fragments, type: Shown): PageAsked {
  const around = [...below(page, "edges", fragments), ...below(page, "pageInfo", fragments)];
  const isBare = ![...mergedFields(around, fragments)].some(({ name }) => /cursor$/i.test(name.value));
  return { names: columnsIn(ofNodes(page, fragments), fragments, type), isBare };
}

const asker = <Asked>(work: (sets: Sets, fragments: Fragments, type: Shown) => Asked) => {
  const known = new WeakMap<FieldNode, Asked>();
  return ({ fieldNodes, fragments }: GraphQLResolveInfo, type: Shown): Asked => {
    const [first] = fieldNodes;
    const isAlone = first !== undefined && fieldNodes.length === 1;
    const before = isAlone ? known.get(first) : undefined;
    if (before) return before;
    const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const asked = work(sets, new Map(Object.entries(fragments)), type);
    if (isAlone) known.set(first, asked);
    return asked;
  };
};

/**
 * What a list's field wants of its rows, `@skip` and `@include` not looked at. Worked out once for a field of a document
 * that was read before.
 */
export const askedOfPage = asker(pageAsked);

/** Likewise the columns that a field wants of its one row. */
export const columnsOfOne = asker(columnsIn);
