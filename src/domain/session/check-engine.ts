import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, EngineRefused, EngineUnavailable, type RoomSpec } from "../../engine/engine.js";
import { newId } from "../../ids.js";
import { readSettings } from "../settings.js";

/** A step of the check, and what was wrong with it. */
export interface CheckedStep {
  what: string;
  problem?: string;
}

/** An ended room may be told of for some seconds. */
const GONE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 500;

const testRoom = (): RoomSpec => ({
  sessionId: newId(),
  meetingId: newId(),
  licenseId: newId(),
  title: "VConnct check",
  welcome: null,
  logoutUrl: null,
  settings: readSettings({}),
  maxAttendance: 2,
  engineRoomId: null,
});

/** What engines say of their failures holds no secret; what else goes wrong may hold anything. */
function problemOf(error: unknown): string {
  const isTold = error instanceof EngineUnavailable || error instanceof EngineRefused;
  return isTold ? error.message : `something went wrong (${error instanceof Error ? error.name : typeof error})`;
}

async function step(what: string, run: () => Promise<unknown>): Promise<CheckedStep> {
  try {
    await run();
    return { what };
  } catch (error) {
    return { what, problem: problemOf(error) };
  }
}

const isThere = async ({ elsewhere }: Engine, { sessionId }: RoomSpec): Promise<boolean> =>
  elsewhere !== undefined && (await elsewhere.look([sessionId])).some((room) => room.sessionId === sessionId);

async function demandGone(engine: Engine, room: RoomSpec): Promise<void> {
  for (let waited = 0; await isThere(engine, room); waited += LOOK_EVERY_MS) {
    if (waited >= GONE_WITHIN_MS) throw new EngineUnavailable("the room is still there after its end");
    await sleep(LOOK_EVERY_MS);
  }
}

/**
 * Opens a room at the engine, asks for it, ends it and asks again: what an operator wants to know of an engine before
 * partners come. No session, no license and no row is touched; nobody enters.
 * @returns each step as it is done; after one that failed only those that clean up
 */
export async function* checkEngine(engine: Engine): AsyncGenerator<CheckedStep> {
  const room = testRoom();
  const answers = await step("it answers", () => engine.check());
  yield answers;
  if (answers.problem !== undefined) return;
  const opens = await step("it opens a room", () => engine.openRoom(room));
  yield opens;
  if (opens.problem === undefined && engine.elsewhere) {
    yield await step("it tells of the room", async () => {
      if (!(await isThere(engine, room))) throw new EngineUnavailable("the room that it opened is not there");
    });
    // Opened again, it must be the same room: so a call may be repeated whose answer was lost.
    yield await step("it takes the same room again for the same", () => engine.openRoom(room));
  }
  // Also where it said that it opened none: the answer may have been wrong.
  const ends = await step("it ends the room", () => engine.closeRoom(room.sessionId, "OPERATOR"));
  if (opens.problem === undefined) yield ends;
  if (ends.problem === undefined && opens.problem === undefined && engine.elsewhere) {
    yield await step("the room is gone", () => demandGone(engine, room));
  }
}
