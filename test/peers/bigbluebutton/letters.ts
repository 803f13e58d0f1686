import { randomBytes } from "node:crypto";

/** So many at random, as the server makes its own ids and passwords. */
export const letters = (count: number): string => randomBytes(count).toString("hex").slice(0, count);
