import { type EngineRecording, EngineRefused } from "../../engine/engine.js";
import type { Recording } from "../../storage/index.js";
import { askEngine } from "./at-engine.js";
import { SESSIONS_A_LOOK } from "./look-for-recordings.js";
import type { Services } from "../services.js";

export type AtEngine = Pick<Recording, "id" | "engine" | "engineRecordingId" | "sessionId">;

/** As its engine has it now. */
export type AsEngineHas = EngineRecording;

export class EngineNotAsked extends Error {
  override readonly name = "EngineNotAsked";

  constructor(override readonly cause: unknown) {
    super("the engine of a recording could not be asked");
  }

  /** Whether asking again may help. */
  get retryable(): boolean {
    return !(this.cause instanceof EngineRefused);
  }
}

/** undefined where it has none; EngineNotAsked where it could not be asked. */
type Found = AsEngineHas | undefined | Error;

async function ask(services: Services, engine: string, rows: readonly AtEngine[]): Promise<[id: string, Found][]> {
  try {
    const { recordings } = services.engineOf({ engine });
    const sessionIds = [...new Set(rows.map(({ sessionId }) => sessionId))];
    const told = recordings ? await askEngine(services, recordings, sessionIds) : [];
    const byId = new Map(told.map((each) => [each.engineRecordingId, each]));
    return rows.map(({ id, engineRecordingId }) => [id, byId.get(engineRecordingId)]);
  } catch (cause) {
    return rows.map(({ id }) => [id, new EngineNotAsked(cause)]);
  }
}

/** Recordings as their engines have them at this moment: for addresses that are good for a while only. */
export async function asEnginesHave(services: Services, rows: readonly AtEngine[]): Promise<Found[]> {
  const looks: Promise<[id: string, Found][]>[] = [];
  for (const engine of new Set(rows.map((row) => row.engine))) {
    const own = rows.filter((row) => row.engine === engine);
    while (own.length > 0) looks.push(ask(services, engine, own.splice(0, SESSIONS_A_LOOK)));
  }
  const found = new Map((await Promise.all(looks)).flat());
  return rows.map(({ id }) => found.get(id));
}
