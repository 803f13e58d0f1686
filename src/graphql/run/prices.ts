import type { DocumentNode, GraphQLSchema } from "graphql";
import { costOf } from "./cost.js";
import type { Lacking } from "./scopes.js";
import type { Values } from "./variables.js";

/** Prices of one operation that are remembered; then all are forgotten. */
const MOST_PRICES = 50;
/** Of variables that look longer than this the price is worked out each time. */
const LONGEST_SHAPE = 1_000;

/** What a price can depend on: numbers, switches, what is null, and how long lists are; never a text. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shapeOf).join()}]`;
  if (typeof value !== "object" || value === null) return typeof value === "string" ? "s" : String(value);
  if (value instanceof Date) return "s";
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}:${shapeOf(inner)}`)
    .join()}}`;
}

/** What one operation costs, worked out once for all variables that look alike. */
export class Prices {
  readonly #known = new Map<string, number>();

  constructor(
    readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
    readonly operationName: string | undefined,
  ) {}

  /**
   * At most, in points, its reading not counted.
   * @param lacking what the caller may not have; nothing where it may have everything
   */
  of({ given, coerced }: Values, lacking?: Lacking): number {
    const key = `${lacking?.key ?? ""} ${shapeOf(coerced)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { schema, document, operationName } = this;
    const price = costOf(schema, { document, operationName, variables: given }, lacking?.isForbidden);
    if (key.length > LONGEST_SHAPE) return price;
    if (this.#known.size === MOST_PRICES) this.#known.clear();
    this.#known.set(key, price);
    return price;
  }
}
