import type { GraphQLSchema } from "graphql";

type Run = (this: object, input: unknown, context: unknown) => unknown;

/**
 * Has each mutation called with its input as it was checked, and the context. TypeGraphQL would make an object of a class
 * of the input, looking through all classes for each of its fields, and go through four promises: a tenth of what a create
 * takes before its transaction.
 * @param classes each mutation is a method of one of them
 * @throws Error naming one that is of none
 */
export function directMutations(schema: GraphQLSchema, classes: readonly (new () => object)[]): void {
  const made = classes.map((Mutations) => new Mutations());
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const owner = made.find((each) => name in each);
    if (!owner) throw new Error(`no class has the mutation ${name}`);
    const run = (owner as Record<string, Run>)[name] as Run;
    field.resolve = (_root, { input }: { input?: unknown }, context: unknown) => run.call(owner, input, context);
  }
}
