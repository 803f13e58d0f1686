import type { Services } from "../services.js";

/**
 * When people whom this process saw inside left, is told by its last heartbeat (drain-1). Where it sees nobody and serves
 * alone, there is nothing to tell, and a server at rest commits nothing.
 */
export function noteAlive(services: Services): () => Promise<void> {
  const { storage, instanceId, homes } = services;
  return async () => {
    if (storage.isShared || (await storage.read.stays.hasOpenOf(instanceId))) await homes.sayAlive();
  };
}

/**
 * Others may have taken this server for dead, while it was only slow or cut off: rooms that they run by now are theirs, and
 * whom they counted out comes again.
 */
export async function setRight({ homes, engines, storage, log }: Services): Promise<void> {
  const here = [...engines.values()].flatMap((engine) => engine.here ?? []);
  const ids = here.flatMap((rooms) => rooms.sessionIds());
  const lost = new Set(await homes.lost(ids));
  for (const sessionId of ids) {
    const people = lost.has(sessionId) ? [] : await storage.read.attendances.listInside(sessionId);
    for (const rooms of here) rooms.setRight(sessionId, new Set(people.map(({ id }) => id)));
  }
  log.warn({ rooms: ids.length, lost: lost.size }, "this server was not heard of for a while, and is back");
}
