import { getNamedType, type GraphQLSchema, isCompositeType, isObjectType } from "graphql";
import { Extensions, Field } from "type-graphql";
import { callOf } from "./run/code/methods.js";

type Shape = Parameters<typeof Field>;

/** Under this name a field's extensions hold its resolver, for `plainResolvers` to find. */
const RESOLVER = "plainResolver";

/** Likewise, the object whose getter it is. */
const GETTER_OF = "plainGetterOf";

/** Getters that keep what they made, whatever schema they are asked for. */
const keeping = new WeakSet<object>();

/**
 * A compiled operation reads a getter anew for each look it takes at what it gives: four times whether it is a list, and
 * once more for each field below it. What makes objects makes them once.
 */
export function madeOnce(target: object, name: string): void {
  const { get } = Object.getOwnPropertyDescriptor(target, name) ?? {};
  if (!get) throw new Error(`${name} is no getter`);
  if (keeping.has(get)) return;
  const made = Symbol(name);
  const once = function (this: Record<symbol, unknown>): unknown {
    return (this[made] ??= get.call(this) as unknown);
  };
  keeping.add(once);
  Object.defineProperty(target, name, { configurable: true, get: once });
}

/**
 * A field that its object tells by itself: a property or a getter is read as it stands, a method is called with the
 * arguments and the context. TypeGraphQL would take either for a resolver of its own and put an asynchronous function
 * around it, which lists of thousands of rows can't pay.
 */
export function Plain(type: NonNullable<Shape[0]>, options: Shape[1] = {}) {
  return (target: object, name: string, descriptor?: PropertyDescriptor): void => {
    Field(type as () => never, { ...options, simple: true })(target, name);
    if (typeof descriptor?.value === "function") Extensions({ [RESOLVER]: callOf(name) })(target, name);
    if (descriptor?.get) Extensions({ [GETTER_OF]: target })(target, name);
  };
}

/**
 * Gives the methods among the plain fields their resolvers, because a compiled operation calls no method of an object, and
 * has the getters among them that make objects make them once.
 */
export function plainResolvers(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const { [RESOLVER]: resolve, [GETTER_OF]: target } = field.extensions;
      if (resolve) field.resolve = resolve as ReturnType<typeof callOf>;
      if (target && isCompositeType(getNamedType(field.type))) madeOnce(target, field.name);
    }
  }
}
