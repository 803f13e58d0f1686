import { type GraphQLSchema, isObjectType } from "graphql";
import { Extensions, Field } from "type-graphql";
import { callOf } from "./run/code/methods.js";

type Shape = Parameters<typeof Field>;

/** Under this name a field's extensions hold its resolver, for `plainResolvers` to find. */
const RESOLVER = "plainResolver";

/**
 * A field that its object tells by itself: a property or a getter is read as it stands, a method is called with the
 * arguments and the context. TypeGraphQL would take either for a resolver of its own and put an asynchronous function
 * around it, which lists of thousands of rows can't pay.
 */
export function Plain(type: NonNullable<Shape[0]>, options: Shape[1] = {}) {
  return (target: object, name: string, descriptor?: PropertyDescriptor): void => {
    Field(type as () => never, { ...options, simple: true })(target, name);
    if (typeof descriptor?.value === "function") Extensions({ [RESOLVER]: callOf(name) })(target, name);
  };
}

/** Gives the methods among the plain fields their resolvers. */
export function plainResolvers(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const { [RESOLVER]: resolve } = field.extensions;
      if (resolve) field.resolve = resolve as ReturnType<typeof callOf>;
    }
  }
}
