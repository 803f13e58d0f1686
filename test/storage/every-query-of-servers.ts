import type { Queries } from "../../src/storage/index.js";

export type Every = { [Group in keyof Queries]: { [Query in keyof Queries[Group]]: () => Promise<unknown> } };

interface Of {
  instanceId: string;
  sessionId: string;
  list(first: string): string[];
}

const at = new Date("2026-01-02T03:04:05.678Z");

/** The servers of a database, and the rooms they run. */
export const everyQueryOfServers = (
  q: Queries,
  { instanceId, sessionId, list }: Of,
): Pick<Every, "instances" | "homes"> => ({
  instances: {
    insert: () => q.instances.insert(instanceId, at),
    beat: () => q.instances.beat(instanceId, at),
    end: () => q.instances.end(instanceId, at),
    // PostgreSQL tells the time by itself.
    findMany: async () =>
      (await q.instances.findMany(list(instanceId))).map(({ seenAt, endedAt, address }) => ({
        isAtOnce: seenAt.getTime() === endedAt?.getTime(),
        address,
      })),
    listLiving: async () => (await q.instances.listLiving(60_000)).length,
    findLiving: () => q.instances.findLiving(instanceId, 60_000),
  },
  homes: {
    set: () => q.homes.set(sessionId, instanceId),
    find: async () => (await q.homes.find(sessionId, 60_000)) === undefined,
    list: () => q.homes.list(list(sessionId)),
    leaveAll: () => q.homes.leaveAll(instanceId),
  },
});
