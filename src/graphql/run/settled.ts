import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isNonNullType,
  Kind,
  type NamedTypeNode,
  type NameNode,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { Coerced } from "./variables.js";

/** The type of all its variables: they are values already. */
export const SETTLED_TYPE = "Settled";

/** An argument whose value stood in the text. */
interface Taken {
  name: string;
  type: GraphQLInputType;
  node: ValueNode;
}

/** An operation without conditions and without values: both are settled before it runs. */
export interface Settled {
  document: DocumentNode;
  /** Its variables, with those that were arguments' values; undefined where graphql-js would refuse one of them. */
  valuesOf(coerced: Coerced): Coerced | undefined;
}

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

const named = (value: string): NameNode => ({ kind: Kind.NAME, value });
const type: NamedTypeNode = { kind: Kind.NAMED_TYPE, name: named(SETTLED_TYPE) };
const variable = (name: string) => ({ kind: Kind.VARIABLE, name: named(name) }) as const;
const definition = (name: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: variable(name),
  type,
});

/**
 * Takes every value out of an operation's text, and what these variables leave out. So whoever makes code of it makes code
 * of names only, and works out no value by rules of its own.
 */
export function settle(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  node: OperationDefinitionNode,
  coerced: Coerced,
): Settled {
  const taken: Taken[] = [];
  const info = new TypeInfo(schema);
  const leaveOut = (each: Conditional) => (isIncluded(each, coerced) ? undefined : null);
  const walk = visitWithTypeInfo(info, {
    VariableDefinition: () => false,
    Directive: () => null,
    Field: { enter: leaveOut },
    FragmentSpread: { enter: leaveOut },
    InlineFragment: { enter: leaveOut },
    Argument(argument) {
      const expected = info.getArgument()?.type;
      const isOptional = argument.value.kind === Kind.VARIABLE && !isNonNullType(expected);
      if (!expected || isOptional) return false;
      // No name in a text has such a letter.
      const name = `$${taken.length}`;
      taken.push({ name, type: expected, node: argument.value });
      return { ...argument, value: { ...variable(name), loc: argument.value.loc } };
    },
  });
  const used = definitions.filter((each) => each === node || each.kind === Kind.FRAGMENT_DEFINITION);
  const settled = used.map((each): DefinitionNode => visit(each, walk));
  const names = (node.variableDefinitions ?? []).map((each) => each.variable.name.value);
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: settled.map((each) =>
      each.kind === Kind.OPERATION_DEFINITION
        ? { ...each, variableDefinitions: [...names, ...taken.map(({ name }) => name)].map(definition) }
        : each,
    ),
  };
  return {
    document,
    valuesOf(given) {
      if (taken.length === 0) return given;
      const values: Record<string, unknown> = {};
      for (const name of names) if (Object.hasOwn(given, name)) values[name] = given[name];
      for (const { name, type: expected, node: value } of taken) {
        const worth: unknown = valueFromAST(value, expected, given);
        if (worth === undefined) return undefined;
        values[name] = worth;
      }
      return values;
    },
  };
}
