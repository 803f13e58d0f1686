import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, EngineRefused, EngineUnavailable } from "../../engine/engine.js";
import type { License } from "../../storage/index.js";
import type { Refuse } from "../refusal.js";
import type { Services } from "../services.js";

/** Until when (by the monotonic clock) a call that begins now waits, for the engine and for other calls together (start-5). */
export const deadlineOf = ({ clock, engineWaitMs }: Services): number => clock.monotonic() + engineWaitMs;

/**
 * Calls an engine and gives up at `until`; that it failed is in the log.
 * @throws Error whatever the engine threw, or that it took too long
 */
export async function callEngine<T>(
  services: Services,
  call: () => Promise<T>,
  until = deadlineOf(services),
): Promise<T> {
  const { clock, log } = services;
  const waitMs = Math.max(0, until - clock.monotonic());
  const timer = new AbortController();
  const tooLong = sleep(waitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`the engine did not answer within ${waitMs} ms`);
  });
  try {
    return await Promise.race([call(), tooLong]);
  } catch (error) {
    log.warn({ err: error }, "the conference engine failed");
    throw error;
  } finally {
    timer.abort();
    tooLong.catch(() => {});
  }
}

/**
 * Calls the engine for somebody who waits for the answer.
 * @throws Refusal ENGINE_FAILED
 */
export async function demandEngine<T>(
  refuse: Refuse<"ENGINE_FAILED">,
  services: Services,
  call: () => Promise<T>,
  until?: number,
): Promise<T> {
  try {
    return await callEngine(services, call, until);
  } catch (error) {
    throw refuse("ENGINE_FAILED", { retryable: !(error instanceof EngineRefused) });
  }
}

/** @throws Refusal ENGINE_FAILED where there is none */
function found(refuse: Refuse<"ENGINE_FAILED">, { log }: Services, find: () => Engine): Engine {
  try {
    return find();
  } catch (err) {
    log.warn({ err }, "the conference engine failed");
    throw refuse("ENGINE_FAILED", { retryable: err instanceof EngineUnavailable });
  }
}

/**
 * The engine of a session, for somebody who waits for the answer.
 * @throws Refusal ENGINE_FAILED where this server does not have it
 */
export const engineOr = (
  refuse: Refuse<"ENGINE_FAILED">,
  services: Services,
  of: Parameters<Services["engineOf"]>[0],
): Engine => found(refuse, services, () => services.engineOf(of));

/**
 * Where a session of this license starts now.
 * @throws Refusal ENGINE_FAILED where no engine takes it, at once
 */
export const engineToStartAt = (
  refuse: Refuse<"ENGINE_FAILED">,
  services: Services,
  license: Pick<License, "engine">,
  sessionId: string,
): Engine => found(refuse, services, () => services.pool.choose(license, sessionId));
