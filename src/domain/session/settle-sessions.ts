import type { Origin } from "../caller.js";
import { closeStay, settleEnd, settleFailure } from "./end-session.js";
import { callEngine } from "./engine-call.js";
import type { Attendance, OpenSession, Queries } from "../../storage/index.js";
import { openSessions } from "./open-sessions.js";
import type { Services } from "../services.js";

const system: Origin = { door: "SYSTEM" };

/** One session that can't be settled now keeps no other from it; the next round tries again. */
async function tried({ log }: Services, settle: () => Promise<unknown>): Promise<void> {
  await settle().catch((err: unknown) => log.warn({ err }, "a session could not be settled"));
}

/** So many are settled at once: where an engine does not answer, each waits for it. */
const SETTLED_AT_ONCE = 16;

/**
 * Sessions left half opened or half closed, because a process died or its last commit failed: what was opening has
 * failed, what was closing has ended. `isStuck` says which of them nobody works on.
 */
export async function settleStuckSessions(services: Services, isStuck: (sessionId: string) => boolean): Promise<void> {
  // What was closing at an engine that is not here can't be closed before it is back.
  const canSettle = ({ status, engine }: OpenSession) => status === "STARTING" || services.engines.has(engine);
  const stuck: OpenSession[] = [];
  for await (const step of openSessions(services)) {
    stuck.push(...step.filter((each) => each.status !== "RUNNING" && canSettle(each) && isStuck(each.id)));
  }
  while (stuck.length > 0) {
    const now = stuck.splice(0, SETTLED_AT_ONCE);
    await Promise.all(now.map((session) => tried(services, () => settleStuck(services, session))));
  }
}

async function settleStuck(services: Services, stuck: OpenSession): Promise<void> {
  const { storage, clock } = services;
  const { id, status } = stuck;
  const closeRoom = () => callEngine(services, async () => services.engineOf(stuck).closeRoom(id, "LOST"));
  // Nobody holds a link into a room that was only opening; in one that was closing there may be people still.
  if (status === "ENDING") await closeRoom();
  await storage.transaction(async (tx) => {
    const session = await tx.sessions.findAnyones(id);
    if (!session) return;
    const lost = { origin: system, session, at: clock.now(), cause: "LOST" } as const;
    if (session.status === "ENDING") await settleEnd(services, tx, lost);
    if (session.status === "STARTING") await settleFailure(tx, lost);
  });
  if (status === "STARTING" && services.engines.has(stuck.engine)) await closeRoom();
}

/** Stays that one transaction closes: each takes half a millisecond. */
export const STAYS_A_STEP = 25;

/**
 * People whom a process saw inside that is dead, and who did not come back: they left when it was last alive (drain-1),
 * also after `kill -9`. In steps, so that thousands keep nobody waiting. Where other servers live, a process is dead to
 * its people when their places would be free, had their lines broken with its last beat.
 * @returns who was counted out, step by step
 */
export async function* closeAbandonedStays({
  storage,
  instanceId,
  holdMs,
}: Services): AsyncGenerator<Attendance[], void> {
  while ((await storage.read.stays.listOpenOfLost(instanceId, holdMs, 1)).length > 0) {
    const out = await storage.transaction((tx) => closeSome(tx, instanceId, holdMs));
    if (out.length === 0) return;
    yield out;
  }
}

async function closeSome(tx: Queries, instanceId: string, holdMs: number): Promise<Attendance[]> {
  const stays = await tx.stays.listOpenOfLost(instanceId, holdMs, STAYS_A_STEP);
  const instances = await tx.instances.findMany([...new Set(stays.flatMap((stay) => stay.instanceId ?? []))]);
  const seenAt = new Map(instances.map((instance) => [instance.id, instance.seenAt]));
  const out: Attendance[] = [];
  for (const stay of stays) {
    const at = seenAt.get(stay.instanceId ?? "") ?? stay.joinedAt;
    const [session, others] = await Promise.all([
      tx.sessions.lock(stay.sessionId),
      tx.attendances.countOthersInside(stay.sessionId, stay.attendanceId),
    ]);
    const left = session && (await closeStay(tx, system, { session, stay, at, others, source: "RECOVERED" }));
    if (left) out.push(left);
  }
  return out;
}
