// A frame on another's page may be denied storage; then nothing is remembered, and all else works.
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** A word that this tab, or this device, remembers. */
export function remembered(storageOf: () => Storage, key: string) {
  return {
    get: () => attempt(() => storageOf().getItem(key)) ?? undefined,
    set: (word: string): void => attempt(() => storageOf().setItem(key, word)),
    clear: (): void => attempt(() => storageOf().removeItem(key)),
  };
}
