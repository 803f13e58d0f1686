import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { isMethod } from "./code/methods.js";

/** More are not counted. */
const SEVERAL = 2;

/** Of the plain fields, those that ask the database beside what their object was read with. */
const ASKING = new Set(["totalCount"]);
/** They look for each kind of object. */
const ASKING_ALL = new Set(["node", "nodes"]);

type Field = GraphQLField<unknown, unknown>;

/** A resolver that is none of the plain fields'. */
const isAsking = (field: Field | undefined): boolean => field?.resolve !== undefined && !isMethod(field.resolve);

/** How often a field of an operation asks the database, where what a mutation does by itself is not counted. */
class Counting {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #counted = new Map<string, number>();

  constructor(
    readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
  }

  #ofField(type: GraphQLNamedType, name: string, field: Field): number {
    if (type === this.schema.getMutationType()) return 0;
    if (type === this.schema.getQueryType() && ASKING_ALL.has(name)) return SEVERAL;
    return ASKING.has(name) || isAsking(field) ? 1 : 0;
  }

  #ofFragment(name: string): number {
    const known = this.#counted.get(name);
    const fragment = this.#fragments.get(name);
    if (known !== undefined || !fragment) return known ?? 0;
    const count = this.in(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value));
    this.#counted.set(name, count);
    return count;
  }

  /** Whether an object is only looked for, to show what is below it: that tells nothing which a later read contradicts. */
  #isOnlyFound(type: GraphQLNamedType, { type: of, args }: Field, set: SelectionSetNode | undefined): boolean {
    if (type !== this.schema.getQueryType() || !args.some(({ name }) => name === "id")) return false;
    const shown = getNamedType(of);
    const fields = isObjectType(shown) ? shown.getFields() : {};
    return (set?.selections ?? []).every((selection) => {
      if (selection.kind !== Kind.FIELD) return false;
      const name = selection.name.value;
      return name === "id" || name === "__typename" || isAsking(fields[name]);
    });
  }

  in({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): number {
    let count = 0;
    for (const selection of selections) {
      if (count >= SEVERAL) return SEVERAL;
      if (selection.kind === Kind.FRAGMENT_SPREAD) count += this.#ofFragment(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition, selectionSet } = selection;
        count += this.in(selectionSet, typeCondition ? this.schema.getType(typeCondition.name.value) : type);
      } else if (isObjectType(type)) {
        const { name, selectionSet } = selection;
        // What is told of the schema itself stands there under no name; no interface of ours has more than its own fields.
        const field = type.getFields()[name.value];
        if (!field) continue;
        const own = this.#ofField(type, name.value, field);
        const below = selectionSet ? this.in(selectionSet, getNamedType(field.type)) : 0;
        count += this.#isOnlyFound(type, field, selectionSet) ? Math.max(own, below) : own + below;
      }
    }
    return count;
  }
}

/**
 * Whether an operation asks the database more than once for its answer, so that the parts could be of different moments.
 * What `@skip` and `@include` leave out is counted, and whether a page's neighbours are asked for is not: they contradict
 * nothing that the answer shows.
 */
export function readsOften(schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode): boolean {
  const root = schema.getRootType(node.operation) ?? undefined;
  return new Counting(schema, document).in(node.selectionSet, root) >= SEVERAL;
}
