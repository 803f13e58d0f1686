import { expect, test, vi } from "vitest";
import { removeEngine, updateEngine } from "../../src/domain/engine/change-engines.js";
import { updateLicense } from "../../src/domain/license/update-license.js";
import type { LicenseId } from "../../src/storage/index.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { engineFarm, FARM_SECRET } from "../helpers/engine-farm.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";

const engineOfSession = async ({ opened }: Gateway, link: string): Promise<string> =>
  (await opened.services.storage.read.sessions.findAnyones(sessionOf(link)))?.engine ?? "";

/** Starts so many sessions at once. @returns how many each engine got */
async function startMany(gateway: Gateway, count: number, key = gateway.key): Promise<Record<string, number>> {
  const meetings = await Promise.all(Array.from({ length: count }, () => createMeeting(gateway, {}, { key })));
  const links = await Promise.all(meetings.map((meeting) => startMeeting(gateway, meeting, {}, { key })));
  const got: Record<string, number> = {};
  for (const link of links) {
    const engine = await engineOfSession(gateway, link);
    got[engine] = (got[engine] ?? 0) + 1;
  }
  return got;
}

const startOne = async (gateway: Gateway): Promise<string> =>
  engineOfSession(gateway, await startMeeting(gateway, await createMeeting(gateway)));

async function refusedStart(gateway: Gateway, key = gateway.key) {
  const meetingId = await createMeeting(gateway, {}, { key });
  const mutation = `mutation { startMeeting(input: {meetingId: "${meetingId}", moderatorName: "m"}) { ... on EngineError { code retryable } } }`;
  return (await gateway.graphql(mutation, {}, { key })).body.data.startMeeting;
}

async function ready({ url }: Gateway) {
  const response = await fetch(`${url}/health/ready`);
  return { status: response.status, ...((await response.json()) as { failed: string[]; engines?: object[] }) };
}

const said = (gateway: Gateway, what: string): number => gateway.log().split(what).length - 1;

test("engines of the table share the sessions by weight, however many start at once; before, the built-in one had them all", async () => {
  const farm = engineFarm(["a", "b", "c", "d"]);
  const gateway = await boot(farm.options);
  expect(await startMany(gateway, 2)).toEqual({ builtin: 2 });
  expect(await ready(gateway)).toEqual({ status: "ok", failed: [] });
  await farm.join(gateway, { d: 3 });
  expect(await startMany(gateway, 60)).toEqual({ a: 10, b: 10, c: 10, d: 30 });
  // What was given out is counted from the database by and by, and then not twice.
  await gateway.opened.services.pool.count();
  expect(await startMany(gateway, 12)).toEqual({ a: 2, b: 2, c: 2, d: 6 });
  const { pool } = gateway.opened.services;
  expect(["a", "d", "builtin"].map((name) => pool.loads.of(name))).toEqual([12 * 15, 36 * 15, 30]);
});

test("a room that is no longer young counts with its people, an empty one as one; after a restart as before it", async () => {
  const farm = engineFarm(["a", "b"]);
  const gateway = await boot(farm.options);
  await farm.join(gateway);
  const links = [];
  for (const _ of [1, 2]) links.push(await startMeeting(gateway, await createMeeting(gateway)));
  const [first = ""] = links;
  const busy = await engineOfSession(gateway, first);
  const server = farm.servers[busy as "a" | "b"];
  for (const id of ["p1", "p2"]) {
    const person = { id, name: id, role: "VIEWER" } as const;
    await server.tell().joined({ sessionId: sessionOf(first), person, source: "WEBHOOK" });
  }
  gateway.clock.forward(16 * 60_000);
  await gateway.opened.services.pool.count();
  const loads = ({ opened }: Gateway) => ["a", "b"].map((name) => opened.services.pool.loads.of(name));
  const counted = busy === "a" ? [2, 1] : [1, 2];
  expect(loads(gateway)).toEqual(counted);
  await gateway.stop();
  const { folder, key } = gateway;
  const again = await boot({ ...farm.options, folder });
  again.clock.forward(16 * 60_000);
  await again.opened.services.pool.count();
  expect(loads(again)).toEqual(counted);
  const meetings = (await again.v1("list_meetings", { key })).body.data as { meeting_id: string }[];
  for (const { meeting_id: id } of meetings) {
    expect((await again.v1(`end_meeting?meeting_id=${id}`, { key })).status).toBe(200);
  }
  expect(farm.servers.a.calls("closeRoom") + farm.servers.b.calls("closeRoom")).toBe(2);
});

test("an engine that fails two checks gets no new sessions, and gets them again after passing one; each is said once", async () => {
  const farm = engineFarm(["a", "b"]);
  const gateway = await boot(farm.options);
  await farm.join(gateway);
  const running = await startMeeting(gateway, await createMeeting(gateway));
  farm.servers.a.fail("check");
  const { pool, engines } = gateway.opened.services;
  const isWell = (name: string) => pool.health.isWell(engines.get(name) as never);
  await vi.waitUntil(() => !isWell("a"));
  expect(await startMany(gateway, 4)).toEqual({ b: 4 });
  const state = await ready(gateway);
  expect([state.status, state.engines]).toEqual([
    "ok",
    [
      { name: "a", answers: false, isDraining: false },
      { name: "b", answers: true, isDraining: false },
    ],
  ]);
  // One that hangs holds up nothing, and is away as well.
  const release = farm.servers.b.hold("check");
  await vi.waitUntil(() => !isWell("b"));
  expect(await refusedStart(gateway)).toEqual({ code: "ENGINE_FAILED", retryable: true });
  await vi.waitUntil(async () => (await ready(gateway)).failed.join() === "engine");
  farm.servers.a.mend("check");
  release();
  await vi.waitUntil(() => isWell("a") && isWell("b"));
  expect(Object.keys(await startMany(gateway, 12)).toSorted()).toEqual(["a", "b"]);
  for (const what of ["an engine does not answer", "an engine answers again"]) expect(said(gateway, what)).toBe(2);
  // What ran, ran on where it was.
  expect(["a", "b"]).toContain(await engineOfSession(gateway, running));
});

test("an engine that passes its checks and opens no rooms does not draw every session: two failed starts take it out", async () => {
  const farm = engineFarm(["a", "b"]);
  const timings = { ...farm.options.timings, engineCheck: 60_000 };
  const gateway = await boot({ ...farm.options, timings });
  await farm.join(gateway);
  farm.servers.a.fail("openRoom");
  const outcomes = [];
  for (const _ of Array.from({ length: 8 })) outcomes.push(await startOne(gateway).catch(() => "refused"));
  expect(outcomes.filter((outcome) => outcome === "refused")).toHaveLength(2);
  expect(outcomes.filter((outcome) => outcome === "b")).toHaveLength(6);
  // It answers, so it is asked again; and one more failure is enough.
  gateway.clock.forward(60_000);
  const { health } = gateway.opened.services.pool;
  const a = gateway.opened.services.engines.get("a") as never;
  await vi.waitUntil(() => health.isWell(a));
  expect(await startOne(gateway).catch(() => "refused")).toBe("refused");
  expect(await startMany(gateway, 3)).toEqual({ b: 3 });
});

test("an engine that drains gets no new session, a license's own neither; what runs there runs on, and undone it goes on as before", async () => {
  const farm = engineFarm(["a", "b"]);
  const gateway = await boot(farm.options);
  await farm.join(gateway);
  const { id, key } = await gateway.license();
  const name = (engine: string | null) =>
    updateLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { engine });
  await name("a");
  const meetingId = await createMeeting(gateway, {}, { key });
  const link = await startMeeting(gateway, meetingId, {}, { key });
  expect(await startMany(gateway, 3, key)).toEqual({ a: 3 });
  await farm.beside(gateway, (services) => updateEngine(services, "a", { isDraining: true }));
  await vi.waitUntil(async () => (await ready(gateway)).engines?.some((each) => (each as never)["isDraining"]));
  expect(await startMany(gateway, 4)).toEqual({ b: 4 });
  expect((await ready(gateway)).status).toBe("ok");
  expect(await refusedStart(gateway, key)).toEqual({ code: "ENGINE_FAILED", retryable: false });
  expect(said(gateway, "drains: it takes no new sessions")).toBeGreaterThan(0);
  expect(sessionOf(await startMeeting(gateway, meetingId, {}, { key }))).toBe(sessionOf(link));
  const use = await farm.beside(gateway, (services) => removeEngine(services, "a"));
  expect(use).toEqual({ openSessions: 4, licenses: [{ id, name: "Test" }] });
  expect((await gateway.v1(`end_meeting?meeting_id=${meetingId}`, { key })).status).toBe(200);
  await farm.beside(gateway, (services) => updateEngine(services, "a", { isDraining: false }));
  await vi.waitUntil(async () => !(await ready(gateway)).engines?.some((each) => (each as never)["isDraining"]));
  expect(await startMany(gateway, 2, key)).toEqual({ a: 2 });
});

test("an engine that is changed is opened anew and the old one closed, one that is removed is closed; a weight changes neither", async () => {
  const farm = engineFarm(["a", "b"]);
  const gateway = await boot({ ...farm.options, timings: { ...farm.options.timings, engineWait: 50 } });
  await farm.join(gateway, { b: 0 });
  const { engines } = gateway.opened.services;
  const before = engines.get("a");
  await farm.beside(gateway, (services) => updateEngine(services, "a", { weight: 5 }));
  await vi.waitUntil(() => gateway.opened.services.pool.registry.shares.get("a")?.weight === 5);
  expect([engines.get("a") === before, farm.closed]).toEqual([true, []]);
  await farm.beside(gateway, (services) => updateEngine(services, "a", { secrets: { secret: "another" } }));
  await vi.waitUntil(() => farm.closed.length === 1);
  expect(farm.opened.map(({ secret }) => secret)).toEqual([FARM_SECRET, FARM_SECRET, "another"]);
  await farm.beside(gateway, (services) => removeEngine(services, "a"));
  await vi.waitUntil(() => farm.closed.length === 2);
  expect([...engines.keys()]).toEqual(["builtin", "b"]);
  // What is left has no weight: it is for licenses that name it.
  expect(await startOne(gateway)).toBe("builtin");
});

test("an engine that is removed while a session starts there is none for it: the start is refused, and leaves nothing open", async () => {
  const farm = engineFarm(["a", "b"]);
  const gateway = await boot(farm.options);
  await farm.join(gateway, { b: 0 });
  const { pool, engines, storage } = gateway.opened.services;
  const running = async () => (await storage.read.engines.countOpen("a")) + (await storage.read.engines.countOpen("b"));
  // This process has not seen it yet.
  vi.spyOn(pool.registry, "follow").mockResolvedValue();
  await farm.beside(gateway, (services) => removeEngine(services, "a"));
  expect(engines.has("a")).toBe(true);
  expect(await refusedStart(gateway)).toEqual({ code: "ENGINE_FAILED", retryable: true });
  expect(await running()).toBe(0);
  // And here it sees it when the session has its place already.
  const { id, key } = await gateway.license();
  await updateLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { engine: "b" });
  const choose = pool.choose.bind(pool);
  vi.spyOn(pool, "choose").mockImplementation((...of) => {
    const chosen = choose(...of);
    pool.registry.engines.delete(chosen.name);
    return chosen;
  });
  expect(await refusedStart(gateway, key)).toMatchObject({ code: "ENGINE_FAILED" });
  expect(await running()).toBe(0);
});

const [older, newer] = ["o".repeat(32), "n".repeat(32)];

test("a secret that today's SECRET_KEY does not read takes nothing but its engine: it is said, and given again it works", async () => {
  const farm = engineFarm(["a"]);
  const first = await boot({ ...farm.options, env: { SECRET_KEY: older } });
  await farm.join(first, {}, { SECRET_KEY: older });
  expect(await startOne(first)).toBe("a");
  await first.stop();
  const { folder } = first;

  const lost = await boot({ ...farm.options, folder, env: { SECRET_KEY: newer } });
  expect(lost.log()).toContain("the secret of the engine a was stored under another SECRET_KEY");
  expect(await refusedStart(lost)).toEqual({ code: "ENGINE_FAILED", retryable: true });
  expect((await ready(lost)).engines).toEqual([{ name: "a", answers: false, isDraining: false }]);
  await lost.stop();

  const kept = { SECRET_KEY: newer, SECRET_KEY_PREVIOUS: older };
  const rotated = await boot({ ...farm.options, folder, env: kept });
  await vi.waitUntil(async () => (await startOne(rotated)) === "a");
  // Any update seals it anew, so that the old secret may go.
  await farm.beside(rotated, (services) => updateEngine(services, "a", { weight: 2 }), kept);
  await rotated.stop();
  const after = await boot({ ...farm.options, folder, env: { SECRET_KEY: newer } });
  expect(await startOne(after)).toBe("a");

  const { engines } = after.opened.services.storage.read;
  const stored = JSON.stringify(await engines.list());
  expect([stored.includes(FARM_SECRET), after.log().includes(FARM_SECRET)]).toEqual([false, false]);
  // As another engine's, the same bytes are nothing.
  await farm.beside(after, ({ storage }) =>
    storage.transaction(async (tx) => {
      const [row] = await tx.engines.list();
      if (row) await tx.engines.insert({ ...row, name: "copied" });
    }),
  );
  await vi.waitUntil(() => after.log().includes("the secret of the engine copied was stored under another"));
  const again = { secrets: { secret: FARM_SECRET } };
  await farm.beside(after, (services) => updateEngine(services, "copied", again), { SECRET_KEY: newer });
  await vi.waitUntil(() => after.opened.services.engines.has("copied"));
});
