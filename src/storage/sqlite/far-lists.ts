import type { Reach } from "../queries/conditions.js";
import { joined, step, type Steppable } from "../queries/lists/in-steps.js";
import type { PageRequest } from "../queries/lists/page-request.js";
import type { Queries } from "../queries/queries.js";
import { isUnbounded } from "../queries/lists/unbounded.js";
import type { FarReader } from "./far-reader.js";
import { type FarList, farLists } from "./far-work.js";

/** Rows that are looked through here, where it takes a millisecond or two: most licenses have no more. */
const ROWS_NEAR = 2_000;
/** More rows than there are. */
const ALL = Number.MAX_SAFE_INTEGER;

type List = Steppable<unknown, string, unknown> & { count(reach: Reach, filter?: unknown): Promise<number> };

function farList(name: FarList, near: List, far: FarReader): Pick<List, "list" | "count"> {
  const isFar = (reach: Reach, asked: object) => isUnbounded(name, reach, asked);
  return {
    async list(reach, request) {
      if (!isFar(reach, request)) return near.list(reach, request);
      const { found, left } = await step(near, reach, request, ROWS_NEAR);
      if (!left) return found;
      const answer = await far.ask({ list: name, reach, request: left, isCount: false });
      return joined(found, "rows" in answer ? answer.rows : [], request);
    },
    async count(reach, filter) {
      if (!isFar(reach, { filter })) return near.count(reach, filter);
      const request: PageRequest<string> = { field: "CREATED_AT", direction: "ASC", limit: ALL, filter, names: [] };
      if (!(await near.skip(reach, { ...request, filter: undefined }, ROWS_NEAR))) return near.count(reach, filter);
      const answer = await far.ask({ list: name, reach, request, isCount: true });
      return "count" in answer ? answer.count : 0;
    },
  };
}

/** The same queries, of which those that may look through a whole license do so in the other thread. */
export function withFarLists(near: Queries, far: FarReader): Queries {
  const lists = farLists.map((name) => [name, { ...near[name], ...farList(name, near[name] as never, far) }]);
  return { ...near, ...(Object.fromEntries(lists) as Pick<Queries, FarList>) };
}
