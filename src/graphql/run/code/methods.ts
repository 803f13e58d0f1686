type Resolver = (parent: unknown, args: object, context: unknown) => unknown;

const methods = new WeakSet<object>();

/** A resolver that calls the method of this name, which is its field's. */
export function callOf(name: string): Resolver {
  const call: Resolver = (parent, args, context) =>
    (parent as Record<string, (args: object, context: unknown) => unknown>)[name]?.(args, context);
  methods.add(call);
  return call;
}

/** Whether a resolver does nothing but that: code calls the method itself. */
export const isMethod = (resolver: object): boolean => methods.has(resolver);
