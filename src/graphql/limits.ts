import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";

/** What one document may ask for; more is refused with a 400 that names the limit. */
export const limits = { tokens: 2_000, depth: 12, aliases: 30, rootFields: 10 } as const;

/** What a selection comes to with its fragments spread out. Counting stops being exact far above every limit. */
interface Size {
  depth: number;
  aliases: number;
  fields: string[];
}

const ENOUGH = 10_000;

/** Measures each fragment once, however often it is spread: a nest of fragments costs no more than its text. */
function measurer(fragments: (name: string) => FragmentDefinitionNode | null | undefined) {
  const known = new Map<string, Size>();

  function ofFragment(name: string): Size {
    const done = known.get(name);
    if (done) return done;
    // Holds the place while it is measured: a cycle is another rule's fault to report.
    known.set(name, { depth: 0, aliases: 0, fields: [] });
    const fragment = fragments(name);
    const size = fragment ? ofSelection(fragment.selectionSet) : { depth: 0, aliases: 0, fields: [] };
    known.set(name, size);
    return size;
  }

  function ofSelection(set: SelectionSetNode): Size {
    const size: Size = { depth: 0, aliases: 0, fields: [] };
    const add = (depth: number, aliases: number, fields: string[]) => {
      size.depth = Math.max(size.depth, depth);
      size.aliases = Math.min(ENOUGH, size.aliases + aliases);
      if (size.fields.length < ENOUGH) size.fields.push(...fields);
    };
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(selection.name.value)
            : ofSelection(selection.selectionSet);
        add(inner.depth, inner.aliases, inner.fields);
        continue;
      }
      const inner = selection.selectionSet && ofSelection(selection.selectionSet);
      // Introspection has a depth of its own, which graphql-js limits; Sandbox's own query would not fit ours.
      const isMeta = selection.name.value.startsWith("__");
      add(1 + (isMeta ? 0 : (inner?.depth ?? 0)), (inner?.aliases ?? 0) + (selection.alias ? 1 : 0), [
        selection.name.value,
      ]);
    }
    return size;
  }

  return ofSelection;
}

const tooMuch = (what: string, limit: number, node: OperationDefinitionNode) =>
  new GraphQLError(`The operation ${what}; the limit is ${limit}.`, {
    nodes: [node],
    extensions: { code: "OPERATION_TOO_LARGE", http: { status: 400 } },
  });

/** Validation rule: depth, aliases and root fields of every operation in the document. */
export function operationLimits(context: ValidationContext): ASTVisitor {
  const measure = measurer((name) => context.getFragment(name));
  return {
    OperationDefinition(node) {
      const { depth, aliases, fields } = measure(node.selectionSet);
      if (depth > limits.depth) context.reportError(tooMuch("is nested too deeply (levels)", limits.depth, node));
      if (aliases > limits.aliases) context.reportError(tooMuch("has too many aliases", limits.aliases, node));
      if (fields.length > limits.rootFields) {
        context.reportError(tooMuch("has too many root fields", limits.rootFields, node));
      }
      return false;
    },
  };
}

/** Whether the operation asks for nothing but the schema. */
export function isIntrospection(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const { fields } = measurer((name) => fragments.get(name))(operation.selectionSet);
  return (
    operation.operation === OperationTypeNode.QUERY &&
    fields.length > 0 &&
    fields.every((name) => name.startsWith("__"))
  );
}
