import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from "graphql";
import { mostRepeats } from "./repeats.js";

/** What one operation may ask for; more is refused with a 400 that names the limit. `points` is its cost at most. */
export const limits = { tokens: 2_000, depth: 12, aliases: 30, rootFields: 10, repeats: 30, points: 5_000 } as const;

/** Rows of a page: where nothing else is asked for, and at most. */
export const pageSize = { normal: 20, most: 100 } as const;

/** Operations that one socket may have going at once. */
export const MOST_OPERATIONS = 100;

/** What a selection comes to with its fragments spread out. Counting stops being exact far above every limit. */
interface Size {
  depth: number;
  aliases: number;
  /** Its own. */
  fields: number;
  /** Those below it, too. */
  all: number;
  /** Nothing but `__schema`, `__type` and `__typename`. */
  isMeta: boolean;
}

const ENOUGH = 10_000;
const nothing: Size = { depth: 0, aliases: 0, fields: 0, all: 0, isMeta: true };

/** Measures each fragment once, however often it is spread: a nest of fragments costs no more than its text. */
function measurer(fragments: (name: string) => FragmentDefinitionNode | null | undefined) {
  const known = new Map<string, Size>();

  function ofFragment(name: string): Size {
    const done = known.get(name);
    if (done) return done;
    // Holds the place while it is measured: a cycle is another rule's fault to report.
    known.set(name, nothing);
    const fragment = fragments(name);
    const size = fragment ? ofSelection(fragment.selectionSet) : nothing;
    known.set(name, size);
    return size;
  }

  function ofSelection(set: SelectionSetNode): Size {
    const size = { ...nothing };
    const add = ({ depth, aliases, fields, all, isMeta }: Size) => {
      size.depth = Math.max(size.depth, depth);
      size.aliases = Math.min(ENOUGH, size.aliases + aliases);
      size.fields = Math.min(ENOUGH, size.fields + fields);
      size.all = Math.min(ENOUGH, size.all + all);
      size.isMeta &&= isMeta;
    };
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
        add(isSpread ? ofFragment(selection.name.value) : ofSelection(selection.selectionSet));
        continue;
      }
      const inner = selection.selectionSet ? ofSelection(selection.selectionSet) : nothing;
      // Introspection has a depth of its own, which graphql-js limits; Sandbox's own query would not fit ours.
      const isMeta = selection.name.value.startsWith("__");
      const depth = 1 + (isMeta ? 0 : inner.depth);
      const aliases = inner.aliases + (selection.alias ? 1 : 0);
      add({ depth, aliases, fields: 1, all: 1 + inner.all, isMeta });
    }
    return size;
  }

  return ofSelection;
}

/** By their names. */
export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );

export type SizeLimit = Exclude<keyof typeof limits, "tokens" | "points">;

/** Which limits of size any operation of the document is above, whichever is asked for. */
export function sizesAbove(document: DocumentNode): SizeLimit[] {
  const fragments = fragmentsOf(document);
  const measure = measurer((name) => fragments.get(name));
  const sizes = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [measure(node.selectionSet)] : [],
  );
  const most = (of: (size: Size) => number) => Math.max(0, ...sizes.map(of));
  const measured: Record<SizeLimit, number> = {
    depth: most(({ depth }) => depth),
    aliases: most(({ aliases }) => aliases),
    rootFields: most(({ fields }) => fields),
    repeats: mostRepeats(document, fragments),
  };
  return (Object.keys(measured) as SizeLimit[]).filter((name) => measured[name] > limits[name]);
}

/** Whether the operation asks for nothing but the schema, and how many fields it has with all fragments spread out. */
export function sizeOf(document: DocumentNode, operation: OperationDefinitionNode) {
  const fragments = fragmentsOf(document);
  const { fields, all, isMeta } = measurer((name) => fragments.get(name))(operation.selectionSet);
  return { isIntrospection: operation.operation === OperationTypeNode.QUERY && fields > 0 && isMeta, fields: all };
}
