import type { Reach } from "../conditions.js";
import type { PageRequest, Position } from "./page-request.js";

/** What can be looked through part by part. */
export interface Steppable<Row, Field extends string, Filter> {
  list(reach: Reach, request: PageRequest<Field, Filter>): Promise<Row[]>;
  skip(reach: Reach, request: PageRequest<Field, Filter>, rows: number): Promise<Position | undefined>;
}

/** The filter's condition on an order's own time, which bounds where rows are looked for. */
const ownTimes: Record<string, string> = { CREATED_AT: "createdAt", STARTED_AT: "startedAt" };

function boundsOf<Filter>(field: string, filter: Filter | undefined): Filter | undefined {
  const name = ownTimes[field] as keyof Filter | undefined;
  return filter && name && filter[name] ? ({ [name]: filter[name] } as Filter) : undefined;
}

/**
 * Looks at so many rows, of however many a filter takes none of.
 * @returns what was found, and what is left to be asked; nothing, where the page is full or no row is left
 */
export async function step<Row, Field extends string, Filter>(
  { list, skip }: Steppable<Row, Field, Filter>,
  reach: Reach,
  request: PageRequest<Field, Filter>,
  rows: number,
): Promise<{ found: Row[]; left: PageRequest<Field, Filter> | undefined }> {
  const { field, filter, fromEnd, limit } = request;
  const upTo = await skip(reach, { ...request, filter: boundsOf(field, filter) }, rows);
  const found = await list(reach, { ...request, upTo });
  if (!upTo || found.length >= limit) return { found, left: undefined };
  return { found, left: { ...request, limit: limit - found.length, [fromEnd ? "before" : "after"]: upTo } };
}

/** What later steps found, behind what earlier ones did, in the list's order. */
export const joined = <Row>(found: Row[], later: Row[], { fromEnd }: { fromEnd?: boolean }): Row[] =>
  fromEnd ? [...later, ...found] : [...found, ...later];

/** What each step found, until the page is full or no row is left. */
export async function* stepsOf<Row, Field extends string, Filter>(
  list: Steppable<Row, Field, Filter>,
  reach: Reach,
  request: PageRequest<Field, Filter>,
  rows: number,
): AsyncGenerator<Row[], void> {
  let asked: PageRequest<Field, Filter> | undefined = request;
  while (asked) {
    const done: Awaited<ReturnType<typeof step<Row, Field, Filter>>> = await step(list, reach, asked, rows);
    yield done.found;
    asked = done.left;
  }
}
