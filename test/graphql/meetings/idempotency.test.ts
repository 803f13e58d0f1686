import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { engineWith, heldOpening } from "../../helpers/test-engine.js";
import { ask, mutate, newMeeting, switches } from "../ask.js";

const used = async (gateway: Gateway) =>
  (await ask(gateway, "{ license { meetingRooms { used } runningSessions { used } } }")).license;
const key = (idempotencyKey: string, input: object = {}) => ({ idempotencyKey, ...input });

test("the same create with the same key makes one meeting and gives it again, changed or deleted since", async () => {
  const gateway = await boot();
  const input = { title: "Algebra", moderatorPassword: "secret", settings: switches(false, { record: true }) };
  const first = await mutate(gateway, "createMeeting", key("k1", input));
  // What is left out and what is null mean the same, and so does another order.
  const reordered = { welcomeText: null, settings: input.settings, moderatorPassword: "secret", title: "Algebra" };
  const second = await mutate(gateway, "createMeeting", key("k1", reordered));
  expect(second).toEqual(first);
  expect((await used(gateway)).meetingRooms.used).toBe(1);
  const other = await mutate(gateway, "createMeeting", key("k2", input));
  expect(other.meeting.id).not.toBe(first.meeting.id);
  await mutate(gateway, "deleteMeeting", { meetingId: first.meeting.id });
  expect((await mutate(gateway, "createMeeting", key("k1", input))).meeting.id).toBe(first.meeting.id);
  expect((await used(gateway)).meetingRooms.used).toBe(1);
});

test("another input, or another operation, with the same key is an IdempotencyError and does nothing", async () => {
  const gateway = await boot();
  const meetingId = (await mutate(gateway, "createMeeting", key("k", { title: "a" }))).meeting.id;
  const reused = {
    __typename: "IdempotencyError",
    code: "IDEMPOTENCY_KEY_REUSED",
    message: "This idempotency key was used before with other values. Use a new key for a new call.",
    messages: [expect.any(String)],
  };
  const english = { language: "en" };
  expect(await mutate(gateway, "createMeeting", key("k", { title: "b" }), english)).toEqual(reused);
  expect(await mutate(gateway, "createMeeting", key("k"), english)).toEqual(reused);
  expect(await mutate(gateway, "startMeeting", key("k", { meetingId, moderatorName: "M" }), english)).toEqual(reused);
  expect(await used(gateway)).toEqual({ meetingRooms: { used: 1 }, runningSessions: { used: 0 } });
});

test("a key is its license's own, ends after a day, and an empty one is none", async () => {
  const gateway = await boot();
  const other = await gateway.license();
  const create = async (call = {}, idempotencyKey = "k") =>
    (await mutate(gateway, "createMeeting", { idempotencyKey }, call)).meeting.id as string;
  const first = await create();
  expect(await create({ key: other.key })).not.toBe(first);
  gateway.clock.forward(24 * 60 * 60 * 1000 - 60_000);
  expect(await create()).toBe(first);
  gateway.clock.forward(61_000);
  const next = await create();
  expect(next).not.toBe(first);
  expect(await create()).toBe(next);
  expect(await create({}, "")).not.toBe(await create({}, ""));
});

test("what was refused is not remembered: corrected, the same key works", async () => {
  const gateway = await boot();
  const { key: license } = await gateway.license({ maxMeetings: 1 });
  const call = { key: license };
  const bad = await mutate(gateway, "createMeeting", key("k".repeat(256), { title: "x".repeat(256) }), call);
  expect(bad.issues.map(({ path }: { path: string[] }) => path.join("."))).toEqual(["title", "idempotencyKey"]);
  const one = await newMeeting(gateway, {}, call);
  const full = await mutate(gateway, "createMeeting", key("k"), call);
  expect(full.__typename).toBe("LimitReachedError");
  await mutate(gateway, "deleteMeeting", { meetingId: one }, call);
  expect((await mutate(gateway, "createMeeting", key("k", { title: "now" }), call)).meeting.title).toBe("now");
});

test("fifty of the same create at once make one meeting", async () => {
  const gateway = await boot();
  const all = await Promise.all(
    Array.from({ length: 50 }, () => mutate(gateway, "createMeeting", key("k", { title: "once" }))),
  );
  expect(new Set(all.map(({ meeting }) => meeting.id)).size).toBe(1);
  expect((await used(gateway)).meetingRooms.used).toBe(1);
});

test("the same start with the same key gives the same link, also when others started, after the end, and once deleted", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { moderatorPassword: "secret" });
  const input = key("s", { meetingId, moderatorName: "Ahmad", moderatorPassword: "secret", title: "Now" });
  const first = await mutate(gateway, "startMeeting", input);
  expect(first.isNew).toBe(true);
  expect(await mutate(gateway, "startMeeting", input)).toEqual(first);
  // Without a key, each start is one more person's link.
  expect((await mutate(gateway, "startMeeting", { ...input, idempotencyKey: null })).joinUrl).not.toBe(first.joinUrl);
  const joined = key("t", { ...input, idempotencyKey: undefined, moderatorName: "Second" });
  const second = await mutate(gateway, "startMeeting", { ...joined, idempotencyKey: "t" });
  expect([second.isNew, second.session.id]).toEqual([false, first.session.id]);
  expect((await mutate(gateway, "startMeeting", { ...joined, idempotencyKey: "t" })).joinUrl).toBe(second.joinUrl);

  await mutate(gateway, "endMeeting", { meetingId });
  const after = await mutate(gateway, "startMeeting", input);
  expect([after.joinUrl, after.session.status]).toEqual([first.joinUrl, "ENDED"]);
  expect((await used(gateway)).runningSessions.used).toBe(0);
  await mutate(gateway, "deleteMeeting", { meetingId });
  expect((await mutate(gateway, "startMeeting", input)).joinUrl).toBe(first.joinUrl);
});

test("two of the same start at once run once: the second waits for the first and gives its link", async () => {
  const held = heldOpening();
  const gateway = await boot({ openEngine: held.openEngine });
  const meetingId = await newMeeting(gateway);
  const input = key("s", { meetingId, moderatorName: "Ahmad" });
  const both = Promise.all([mutate(gateway, "startMeeting", input), mutate(gateway, "startMeeting", input)]);
  await held.opening;
  held.finish();
  const [one, two] = await both;
  expect(two.joinUrl).toBe(one.joinUrl);
  expect([one.isNew, two.isNew]).toEqual([true, true]);
  expect((await used(gateway)).runningSessions.used).toBe(1);
});

test("a start that the engine failed is tried anew with the same key, and then remembered", async () => {
  let fails = true;
  const gateway = await boot({
    openEngine: engineWith(() => ({
      openRoom: async () => {
        if (fails) throw new Error("not now");
        return null;
      },
    })),
  });
  const meetingId = await newMeeting(gateway);
  const input = key("s", { meetingId, moderatorName: "Ahmad" });
  expect((await mutate(gateway, "startMeeting", input)).__typename).toBe("EngineError");
  fails = false;
  const works = await mutate(gateway, "startMeeting", input);
  expect([works.isNew, works.session.status]).toEqual([true, "RUNNING"]);
  expect((await mutate(gateway, "startMeeting", input)).joinUrl).toBe(works.joinUrl);
});

test("no password, name or link lies in what is remembered", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { moderatorPassword: "hunter2" });
  await mutate(gateway, "startMeeting", key("s", { meetingId, moderatorName: "Ahmad", moderatorPassword: "hunter2" }));
  const { license } = await ask(gateway, "{ license { id } }");
  const { idempotency } = gateway.opened.services.storage.read;
  const row = await idempotency.find(license.id, "s");
  expect(Object.keys(row ?? {})).toContain("inputHash");
  expect(JSON.stringify(row)).not.toMatch(/hunter2|Ahmad|http/);
});
