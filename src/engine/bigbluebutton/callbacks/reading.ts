/** What a server sends is read with care: its versions differ, and nothing of it is taken for granted. */
export type Fields = Record<string, unknown>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** undefined where it is no text, or an empty one; the server says "undefined" of what it does not know. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" && text !== "undefined" ? text : undefined;
}
