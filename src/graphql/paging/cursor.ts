import { isUuid } from "../../domain/checks.js";
import type { Direction, Position } from "../../storage/queries/lists/page.js";

export interface Order<F extends string> {
  field: F;
  direction: Direction;
}

/**
 * What was asked for; null, as clients send it for "as usual", is what is usual. Without a direction the list's own
 * field keeps the list's own.
 */
export function orderOr<F extends string>(
  asked: { field: F; direction?: Direction | null } | null | undefined,
  usual: Order<F>,
): Order<F> {
  if (!asked) return usual;
  const { field, direction } = asked;
  return { field, direction: direction ?? (field === usual.field ? usual.direction : "ASC") };
}

/** As descriptions say it. */
export const directionOf = ({ field, direction }: Order<string>): string =>
  direction === "ASC"
    ? "Direction; `ASC` when left out."
    : `Direction. Left out: \`${direction}\` for \`${field}\`, as the list is by itself, and \`ASC\` for the others.`;

/** Opaque to clients; inside: the order it belongs to, the row's sort value, its id. */
export const encodeCursor = ({ field, direction }: Order<string>, { value, id }: Position): string =>
  Buffer.from(JSON.stringify([field, direction, value, id])).toString("base64url");

/** The orders that sort by a text; the others sort by an instant. */
const textFields: ReadonlySet<string> = new Set(["TITLE", "FULL_NAME"]);

/**
 * Longer ones are none of ours: a title or name of 255 letters, folded for sorting, encoded and encoded again.
 * In UTF-16 code units.
 */
export const MOST_CURSOR = 20_000;

function parse(cursor: string): unknown[] {
  if (cursor.length > MOST_CURSOR) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(parts) ? (parts as unknown[]) : [];
  } catch {
    return [];
  }
}

/** The position, or the key of the sentence that says why it is none. */
export function decodeCursor(cursor: string, order: Order<string>): Position | "error.cursor" | "error.cursorOrder" {
  const [field, direction, value, id] = parse(cursor);
  const position = { value, id } as Position;
  // Written anew it must be the same text: decoding alone forgives letters that do not belong there.
  const isOurs = cursor === encodeCursor({ field: String(field), direction: direction as Direction }, position);
  const isValue = typeof value === "string" || Number.isSafeInteger(value);
  if (!isOurs || !isValue || typeof id !== "string" || !isUuid(id)) return "error.cursor";
  if (field !== order.field || direction !== order.direction) return "error.cursorOrder";
  return (typeof value === "string") === textFields.has(order.field) ? position : "error.cursor";
}
