import {
  type Engine,
  type EngineRecording,
  EngineRefused,
  type EngineSetting,
  EngineUnavailable,
  type OpenedEngine,
  type OpenEngine,
  type Person,
  type RecordingsOfEngine,
  type RoomSpec,
} from "../../src/engine/engine.js";
import { engineKinds } from "../../src/engine/index.js";

/** The built-in engine with some of its calls replaced. */
export const engineWith =
  (change: (builtin: Engine) => Partial<Engine>) =>
  (setting: EngineSetting): OpenedEngine => {
    const opened = engineKinds.builtin.open(setting);
    return { ...opened, engine: { ...opened.engine, ...change(opened.engine) } };
  };

/** `openRoom` begins and does not end until the test lets it: `opening` is settled once somebody waits. */
export function heldOpening() {
  let began = () => {};
  let finish = () => {};
  const opening = new Promise<void>((resolve) => (began = resolve));
  const held = new Promise<void>((resolve) => (finish = resolve));
  const openRoom = async () => {
    began();
    await held;
    return null;
  };
  return { opening, finish: () => finish(), openEngine: engineWith(() => ({ openRoom })) };
}

export type Call = "openRoom" | "closeRoom" | "check" | "look" | keyof RecordingsOfEngine;

/** An engine each of whose calls can be made slow, or to fail with any error, by the test that holds it. */
function troubled(open: OpenEngine) {
  const delays: Partial<Record<Call, number>> = {};
  const faults: Partial<Record<Call, Error>> = {};
  const holds: Partial<Record<Call, Promise<void>>> = {};
  const reached: Call[] = [];
  const through =
    <Args extends unknown[], Result>(call: Call, run: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      reached.push(call);
      await new Promise((resolve) => setTimeout(resolve, delays[call] ?? 0));
      await holds[call];
      if (faults[call]) throw faults[call];
      return run(...args);
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
    open: (setting: EngineSetting): OpenedEngine => {
      const { engine, ...rest } = open(setting);
      const { openRoom, closeRoom, check, elsewhere, recordings } = engine;
      return {
        ...rest,
        engine: {
          ...engine,
          openRoom: through("openRoom", openRoom),
          closeRoom: through("closeRoom", closeRoom),
          check: through("check", check),
          ...(elsewhere && { elsewhere: { look: through("look", elsewhere.look) } }),
          ...(recordings && {
            recordings: {
              list: through("list", recordings.list),
              publish: through("publish", recordings.publish),
              remove: through("remove", recordings.remove),
            },
          }),
        },
      };
    },
  };
}

/** What the test engine has recorded, by its own ids. */
function recordingsOf(recorded: Map<string, EngineRecording>): RecordingsOfEngine {
  const change = (id: string, values: Partial<EngineRecording>) => {
    const known = recorded.get(id);
    if (known) recorded.set(id, { ...known, ...values });
    return known !== undefined;
  };
  return {
    list: async (sessionIds) => [...recorded.values()].filter(({ sessionId }) => sessionIds.includes(sessionId)),
    async publish(id, isPublished) {
      if (!change(id, { isPublished })) throw new EngineRefused("no such recording");
    },
    remove: async (id) => void change(id, { isDeleted: true, isPublished: false }),
  };
}

/** The built-in engine in trouble. */
export const troubledBuiltin = () => troubled(engineKinds.builtin.open);

interface TestRoom {
  spec: RoomSpec;
  /** With the line each of them came over. */
  inside: Map<string, { person: Person; engineUserId: string }>;
}

/**
 * An engine of its own, shaped as a conference server is: it has its own page at its own address, lets people in and
 * out by itself, and tells afterwards who came and went. Rooms live in it, whatever becomes of the gateway.
 */
export function testEngine() {
  const rooms = new Map<string, TestRoom>();
  const recorded = new Map<string, EngineRecording>();
  const settings: EngineSetting[] = [];
  /** How it is: whether it tells who comes and goes, and whether it keeps our ids of people. */
  const nature = { tells: true, knowsIds: true };
  let lines = 0;

  const setting = () => {
    const [opened] = settings.slice(-1);
    if (!opened) throw new Error("the test engine was not opened");
    return opened;
  };
  const left = async (sessionId: string, personId: string, engineUserId: string, at: Date) => {
    if (nature.tells) await setting().reports.left({ sessionId, personId, at, source: "WEBHOOK", engineUserId });
  };
  const enter = async (sessionId: string, person: Person) => {
    const room = rooms.get(sessionId);
    if (!room) return undefined;
    lines += 1;
    const engineUserId = `w_${lines}`;
    const before = room.inside.get(person.id)?.engineUserId;
    room.inside.set(person.id, { person, engineUserId });
    if (!nature.tells) return { person, room: room.spec };
    const told = await setting().reports.joined({ sessionId, person, source: "WEBHOOK", engineUserId });
    // The window opened before is put out.
    if (before !== undefined) await left(sessionId, person.id, before, setting().clock.now());
    return told;
  };
  const engine = {
    async check() {},
    async openRoom(spec: RoomSpec) {
      if (!rooms.has(spec.sessionId)) rooms.set(spec.sessionId, { spec, inside: new Map() });
      return `test-${spec.sessionId}`;
    },
    /** By the name that is not PUBLIC_URL's, so that it is another origin. */
    entrance(room: RoomSpec, { id, name, role }: Person) {
      const address = new URL(`${setting().publicUrl()}/test-engine/join`.replace("127.0.0.1", "localhost"));
      const parameters = { room: room.engineRoomId ?? "", session: room.sessionId, id, name, role };
      for (const [key, value] of Object.entries(parameters)) address.searchParams.set(key, value);
      return { address: () => address.href };
    },
    async closeRoom(sessionId: string) {
      rooms.delete(sessionId);
    },
    elsewhere: {
      async look(sessionIds: readonly string[]) {
        return sessionIds.flatMap((sessionId) => {
          const inside = [...(rooms.get(sessionId)?.inside.values() ?? [])];
          const people = inside.map(({ engineUserId, person: { id, name, role } }) => ({
            personId: nature.knowsIds ? id : null,
            name,
            role,
            engineUserId,
          }));
          return rooms.has(sessionId) ? [{ sessionId, people, count: people.length }] : [];
        });
      },
    },
    recordings: recordingsOf(recorded),
  };
  const { open, ...trouble } = troubled((given) => {
    settings.push(given);
    return {
      engine: { ...engine, name: given.name },
      routes: async (app) => {
        app.get("/test-engine/join", async (request, reply) => {
          const { session = "", room, id = "", name = "", role } = request.query as Record<string, string>;
          if (room !== `test-${session}`) return reply.code(404).send("no such room");
          const person: Person = { id, name, role: role === "MODERATOR" ? "MODERATOR" : "VIEWER" };
          if (!(await enter(session, person))) return reply.code(404).send("no such room");
          return reply.type("text/html").send(`<!doctype html><title>inside</title><h1>${encodeURI(name)}</h1>`);
        });
      },
    };
  });

  return {
    ...trouble,
    open,
    /** For `boot`: it runs every session whose license names no other engine, and the built-in one is there too. */
    first: { engines: { builtin: engineKinds.builtin.open, test: open }, defaultEngine: "test" },
    rooms,
    nature,
    /** What it recorded, by its own ids; a test puts in and takes out. */
    recorded,
    /** The reports it tells the gateway with. */
    tell: () => setting().reports,
    /** Presses the button behind a link, and follows where it leads. */
    async enter(joinUrl: string): Promise<number> {
      const answer = await fetch(joinUrl, { method: "POST", redirect: "manual" });
      const address = answer.headers.get("location");
      if (answer.status !== 303 || !address) return answer.status;
      return (await fetch(address.replace("localhost", "127.0.0.1"))).status;
    },
    /** Closes the window of whoever came in with this link. */
    async leave(joinUrl: string, at = new Date()): Promise<void> {
      const { searchParams } = new URL(joinUrl);
      const [sessionId, personId] = [searchParams.get("sessionID") ?? "", searchParams.get("personID") ?? ""];
      const there = rooms.get(sessionId)?.inside.get(personId);
      rooms.get(sessionId)?.inside.delete(personId);
      await left(sessionId, personId, there?.engineUserId ?? "", at);
    },
  };
}
