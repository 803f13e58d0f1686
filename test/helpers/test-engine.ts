import { type Engine, type EngineSetting, EngineUnavailable, type OpenedEngine } from "../../src/engine/engine.js";
import { engines } from "../../src/engine/index.js";

/** The built-in engine with some of its calls replaced. */
export const engineWith =
  (change: (builtin: Engine) => Partial<Engine>) =>
  (setting: EngineSetting): OpenedEngine => {
    const opened = engines.builtin(setting);
    return { ...opened, engine: { ...opened.engine, ...change(opened.engine) } };
  };

/** `openRoom` begins and does not end until the test lets it: `opening` is settled once somebody waits. */
export function heldOpening() {
  let began = () => {};
  let finish = () => {};
  const opening = new Promise<void>((resolve) => (began = resolve));
  const held = new Promise<void>((resolve) => (finish = resolve));
  const openRoom = () => {
    began();
    return held;
  };
  return { opening, finish: () => finish(), openEngine: engineWith(() => ({ openRoom })) };
}

type Call = "openRoom" | "closeRoom" | "check";

/** The built-in engine, except that each call can be made slow, or to fail with any error, by the test that holds it. */
export function testEngine() {
  const delays: Partial<Record<Call, number>> = {};
  const faults: Partial<Record<Call, Error>> = {};
  const holds: Partial<Record<Call, Promise<void>>> = {};
  const reached: Call[] = [];
  const troubled =
    <Args extends unknown[]>(call: Call, run: (...args: Args) => Promise<void>) =>
    async (...args: Args): Promise<void> => {
      reached.push(call);
      await new Promise((resolve) => setTimeout(resolve, delays[call] ?? 0));
      await holds[call];
      if (faults[call]) throw faults[call];
      await run(...args);
    };
  return {
    slow: (call: Call, ms: number) => void (delays[call] = ms),
    fail: (call: Call, error: Error = new EngineUnavailable("out of order")) => void (faults[call] = error),
    /** From now on such calls wait until what is returned is called. */
    hold(call: Call): () => void {
      let release = () => {};
      holds[call] = new Promise((resolve) => (release = resolve));
      return () => {
        delete holds[call];
        release();
      };
    },
    /** How often it was called. */
    calls: (call: Call): number => reached.filter((each) => each === call).length,
    mend: (call: Call) => void delete faults[call],
    open: engineWith(({ openRoom, closeRoom, check }) => ({
      name: "test",
      openRoom: troubled("openRoom", openRoom),
      closeRoom: troubled("closeRoom", closeRoom),
      check: troubled("check", check),
    })),
  };
}
