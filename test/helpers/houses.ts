import { EngineRefused } from "../../src/engine/engine.js";
import type { BootOptions, Gateway } from "./boot.js";
import { sessionOf } from "./meetings.js";
import { testEngine, troubledBuiltin } from "./test-engine.js";

/** An engine as a gateway's owner and visitors meet it, whichever it is: each is in every test of the engine suite. */
export interface House {
  name: string;
  options: BootOptions;
  /** Enters with a link as a visitor of this engine does: the status it came to. */
  enter(gateway: Gateway, link: string): Promise<number>;
  /** Resolves when the gateway has heard of it. */
  leave(link: string): Promise<void>;
  /** Whether someone with this link is in the engine's room. */
  isInside(link: string): boolean;
  /** Such calls take so much longer. */
  slow(call: Call, ms: number): void;
  /** Such calls fail, and may work when they are tried again; or never will. */
  fail(call: Call, kind?: "for now" | "for good"): void;
  mend(call: Call): void;
}

export type Call = "openRoom" | "closeRoom" | "check";

/** A program with a socket for each person. */
function builtin(): House {
  const engine = troubledBuiltin();
  const sockets = new Map<string, ReturnType<Gateway["socket"]>>();
  const statuses: Record<string, number> = { LINK_TAMPERED: 403, SESSION_OVER: 410, ATTENDANCE_LIMIT_REACHED: 409 };
  return {
    name: "builtin",
    options: { openEngine: engine.open },
    async enter(gateway, link) {
      const socket = gateway.socket();
      const answer = await socket.enter(link);
      if (answer.type === "entered") sockets.set(link, socket);
      return answer.type === "entered" ? 200 : (statuses[answer.code] ?? 0);
    },
    async leave(link) {
      await sockets.get(link)?.say({ type: "leave" });
      await sockets.get(link)?.closing();
    },
    isInside: (link) => sockets.has(link) && sockets.get(link)?.closed === undefined,
    slow: engine.slow,
    fail: (call, kind = "for now") => engine.fail(call, kind === "for good" ? new EngineRefused("never") : undefined),
    mend: engine.mend,
  };
}

/** One that lets people in by itself, in this very process. */
function elsewhere(): House {
  const engine = testEngine();
  const person = (link: string) => new URL(link).searchParams.get("personID") ?? "";
  return {
    name: "test",
    options: engine.first,
    enter: (_gateway, link) => engine.enter(link),
    leave: (link) => engine.leave(link),
    isInside: (link) => engine.rooms.get(sessionOf(link))?.inside.has(person(link)) ?? false,
    slow: engine.slow,
    fail: (call, kind = "for now") => engine.fail(call, kind === "for good" ? new EngineRefused("never") : undefined),
    mend: engine.mend,
  };
}

export const houses: Record<string, () => House | Promise<House>> = {
  builtin,
  test: elsewhere,
};
