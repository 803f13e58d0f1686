import type { JitRuntime } from "graphql-jit/dist/runtime.js";

/** A field without a resolver threw, somewhere inside what a resolver gave. */
export class ThrownInside extends Error {
  override readonly name = "ThrownInside";
}

type Handle = JitRuntime["handleResolverResult"];

function take(result: unknown, onSuccess: Parameters<Handle>[2], onError: Parameters<Handle>[3]): void {
  try {
    onSuccess(result);
  } catch (cause) {
    onError(new ThrownInside("a field of it threw", { cause }));
  }
}

/**
 * Where such a field throws, the code that graphql-jit makes would leave the operation without an answer, and the process
 * with a rejection that nobody hears.
 */
export const guarded = (handle: Handle): Handle =>
  function guard(this: JitRuntime, context, value, onSuccess, onError) {
    if (this.isPromise(value)) return handle.call(this, context, value, (it) => take(it, onSuccess, onError), onError);
    return take(value, onSuccess, onError);
  };
