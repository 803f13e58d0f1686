/** So long does a test wait for what it says shall come, unless it says itself for how long. */
export const PATIENCE_MS = 10_000;
