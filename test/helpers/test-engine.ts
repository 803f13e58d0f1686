import { type Engine, type EngineSetting, EngineUnavailable, type OpenedEngine } from "../../src/engine/engine.js";
import { engines } from "../../src/engine/index.js";

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
    open(setting: EngineSetting): OpenedEngine {
      const opened = engines.builtin(setting);
      const { openRoom, closeRoom, check } = opened.engine;
      const engine: Engine = {
        ...opened.engine,
        name: "test",
        openRoom: troubled("openRoom", openRoom),
        closeRoom: troubled("closeRoom", closeRoom),
        check: troubled("check", check),
      };
      return { ...opened, engine };
    },
  };
}
