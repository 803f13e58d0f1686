import { EngineRefused } from "../../src/engine/engine.js";
import { bigbluebutton, type Visit } from "../peers/bigbluebutton/index.js";
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

/** A server that speaks BigBlueButton's dialect, reached by its address and secret, as operators name them. */
async function conferenceServer(): Promise<House> {
  const peer = await bigbluebutton({ times: { end: 20 } });
  const visits = new Map<string, Visit[]>();
  const calls: Record<Call, string> = { openRoom: "create", closeRoom: "end", check: "*" };
  const of = (link: string) => visits.get(link) ?? [];
  return {
    name: "bigbluebutton",
    options: { env: peer.env },
    async enter(_gateway, link) {
      const visit = await peer.enter(link);
      await peer.idle();
      if (!visit.inside) return Number(/^HTTP (\d+)$/.exec(visit.refused ?? "")?.[1] ?? 0);
      visits.set(link, [...of(link), visit]);
      return 200;
    },
    async leave(link) {
      for (const visit of of(link)) visit.leave();
      await peer.idle();
    },
    isInside: (link) => of(link).some((visit) => visit.isInside()),
    slow: (call, ms) => void peer.fault(calls[call], { slow: ms }),
    fail: (call, kind = "for now") =>
      void peer.fault(calls[call], kind === "for good" ? { failed: "validationError" } : { status: 503 }),
    mend: (call) => peer.mend(calls[call]),
  };
}

export const houses: Record<string, () => House | Promise<House>> = {
  builtin,
  test: elsewhere,
  bigbluebutton: conferenceServer,
};
