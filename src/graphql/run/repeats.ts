import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";

/** Beyond every limit; counting stops there, and so does a nest of fragments. */
const MOST_LOOKED_AT = 10_000;

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Selection sets that are merged into one object of the answer. */
export function* mergedFields(sets: readonly SelectionSetNode[], fragments: Fragments) {
  const spread = new Set<string>();
  const waiting = [...sets];
  for (let set = waiting.pop(); set; set = waiting.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) yield selection;
      else if (selection.kind === Kind.INLINE_FRAGMENT) waiting.push(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) waiting.push(fragment.selectionSet);
      }
    }
  }
}

/**
 * How often a document asks for the same value of the same object, at most. Validation compares each such pair, so it
 * must be known before.
 */
export function mostRepeats(document: DocumentNode, fragments: Fragments): number {
  let most = 0;
  let lookedAt = 0;
  const waiting: SelectionSetNode[][] = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [[node.selectionSet]] : [],
  );
  for (let sets = waiting.pop(); sets; sets = waiting.pop()) {
    const found = new Map<string, { times: number; inner: SelectionSetNode[] }>();
    for (const { name, alias, selectionSet } of mergedFields(sets, fragments)) {
      lookedAt += 1;
      if (lookedAt > MOST_LOOKED_AT) return MOST_LOOKED_AT;
      const key = (alias ?? name).value;
      const known = found.get(key) ?? { times: 0, inner: [] };
      known.times += 1;
      if (selectionSet) known.inner.push(selectionSet);
      found.set(key, known);
    }
    for (const { times, inner } of found.values()) {
      most = Math.max(most, times);
      if (inner.length > 0) waiting.push(inner);
    }
  }
  return most;
}
