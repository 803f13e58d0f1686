import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type NamedTypeNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import type { Coerced } from "../variables.js";

type Conditional = FieldNode | FragmentSpreadNode | InlineFragmentNode;

const conditionsOf = ({ directives = [] }: Conditional) =>
  directives.flatMap(({ name, arguments: given = [] }) => {
    const value = given.find((each) => each.name.value === "if")?.value;
    return value ? [{ name: name.value, value }] : [];
  });

/** The variables that `@skip` and `@include` ask. */
export function conditionalVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  const note = (node: Conditional) => {
    for (const { value } of conditionsOf(node)) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
  };
  visit(document, { Field: note, FragmentSpread: note, InlineFragment: note });
  return [...names].toSorted();
}

const isIncluded = (node: Conditional, coerced: Coerced): boolean =>
  conditionsOf(node).every(({ name, value }) => {
    const isTrue =
      value.kind === Kind.VARIABLE ? coerced[value.name.value] : value.kind === Kind.BOOLEAN && value.value;
    return name === "skip" ? isTrue !== true : name !== "include" || isTrue === true;
  });

/** Where an operation's fields are chosen. */
export interface Choosing {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** What `@skip` and `@include` ask. */
  coerced: Coerced;
}

/** The fields of an object of this type, by their names in the answer and in its order, as graphql-js collects them. */
export function chosenFields(
  { schema, fragments, coerced }: Choosing,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const chosen = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const isOfType = (condition: NamedTypeNode | undefined) => {
    if (!condition) return true;
    const named = schema.getType(condition.name.value);
    return named === type || (isAbstractType(named) && schema.isSubType(named, type));
  };
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const each of selections) {
      if (!isIncluded(each, coerced)) continue;
      if (each.kind === Kind.FIELD) {
        const name = (each.alias ?? each.name).value;
        const before = chosen.get(name);
        if (before) before.push(each);
        else chosen.set(name, [each]);
      } else if (each.kind === Kind.INLINE_FRAGMENT) {
        if (isOfType(each.typeCondition)) walk(each.selectionSet);
      } else if (!spread.has(each.name.value)) {
        spread.add(each.name.value);
        const fragment = fragments[each.name.value];
        if (fragment && isOfType(fragment.typeCondition)) walk(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) walk(set);
  return chosen;
}
