// A file of its own, so that a worker can be made of it.
const { address, ticksPerSecond } = await import("./clock.js");
export { ticksPerSecond };

interface Factory {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL: (address: string) => string };
}

/** The page's policy admits this name alone, once; and it knows one address, whatever it is asked for. */
function trusted(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory };
  const policy = trustedTypes?.createPolicy("clock", { createScriptURL: () => address });
  return policy?.createScriptURL(address) ?? address;
}

let known: string | undefined;

/** Fifteen times in a second, seen or not. @returns what ends it */
export function onTick(work: () => void): () => void {
  const worker = new Worker((known ??= trusted()), { type: "module" });
  worker.addEventListener("message", work);
  return () => worker.terminate();
}
