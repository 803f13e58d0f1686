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

function columnsBelow(nodes: readonly FieldNode[], fragments: Fragments, { reads }: Shown): readonly string[] {
  const page = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const inEdges = below(below(page, "edges", fragments), "node", fragments);
  const fields = mergedFields([...below(page, "nodes", fragments), ...inEdges], fragments);
  const names = [...fields].flatMap(({ name }) => reads[name.value] ?? [name.value]);
  return [...new Set(names)].toSorted();
}

const known = new WeakMap<FieldNode, readonly string[]>();

/**
 * The columns that a list's field wants of its rows, `@skip` and `@include` not looked at. Worked out once for a field of
 * a document that was read before.
 */
export function columnsAsked({ fieldNodes, fragments }: GraphQLResolveInfo, type: Shown): readonly string[] {
  const [first] = fieldNodes;
  const isAlone = first !== undefined && fieldNodes.length === 1;
  const before = isAlone ? known.get(first) : undefined;
  if (before) return before;
  const columns = columnsBelow(fieldNodes, new Map(Object.entries(fragments)), type);
  if (isAlone) known.set(first, columns);
  return columns;
}
