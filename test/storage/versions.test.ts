import { expect, onTestFinished, test, vi } from "vitest";
import { runTool } from "../cli/tool.js";
import { ask, mutate, newMeeting, newToken, start } from "../graphql/ask.js";
import { boot, type Gateway, type V1Call } from "../helpers/boot.js";
import { openBeside } from "../helpers/beside.js";
import { environmentOf, isOnPostgres } from "../helpers/databases.js";
import { createMeeting, joinMeeting, letIn, startMeeting, tenSettings } from "../helpers/meetings.js";
import { insertRecording } from "../helpers/rows.js";
import { engineWith, testEngine } from "../helpers/test-engine.js";

/** Reads a license's version as another process would. */
function versionOf(gateway: Gateway, id: string): () => number {
  const db = openBeside(gateway);
  onTestFinished(() => void db.close());
  const read = db.prepare<[string], number>("SELECT version FROM licenses WHERE id = ?").pluck();
  return () => read.get(id) ?? -1;
}

/** A license, and what says of a piece of work how many of its transactions changed that license's data. */
async function watched(gateway: Gateway) {
  const { id, key } = await gateway.license();
  const call: V1Call = { key };
  const version = versionOf(gateway, id);
  const raisedBy = async (work: () => Promise<unknown>) => {
    const before = version();
    await work();
    return version() - before;
  };
  return { id, call, version, raisedBy };
}

const post = (body: object, { key }: V1Call): V1Call => ({ method: "POST", body, key: key ?? null });

test("every write of v1 and every mutation raises the license's version, no read and no heartbeat does", async () => {
  const recordings = { list: async () => [], publish: async () => {}, remove: async () => {} };
  const openEngine = engineWith(() => ({ recordings }));
  const gateway = await boot({ openEngine, timings: { heartbeat: 10 } });
  const { call, raisedBy, version } = await watched(gateway);
  const meetingId = await newMeeting(gateway, {}, call);
  const idle = await newMeeting(gateway, {}, call);
  const { tokenId } = await newToken(gateway, ["MEETINGS_READ"], {}, call);
  const { sessionId } = await start(gateway, await newMeeting(gateway, {}, call), {}, call);
  const recordingId = insertRecording(gateway, sessionId);
  const patch = { settings: { record: true } };
  const other = await newMeeting(gateway, {}, call);
  const person = (await letIn(gateway.opened.services, (await start(gateway, other, {}, call)).joinUrl)).person;
  let started = { sessionId: "" };
  const locks = () => ({ sessionId: started.sessionId, settings: { lockSettingsDisableMic: true } });
  const mutations: Record<string, [rises: number, () => Promise<unknown>]> = {
    createMeeting: [1, () => newMeeting(gateway, {}, call)],
    updateMeeting: [1, () => mutate(gateway, "updateMeeting", { meetingId, title: "b" }, call)],
    // Claimed, so that isRunning is true, and settled.
    startMeeting: [2, async () => (started = await start(gateway, meetingId, {}, call))],
    joinMeeting: [0, () => mutate(gateway, "joinMeeting", { meetingId, fullName: "x", role: "VIEWER" }, call)],
    updateSessionSettings: [1, () => mutate(gateway, "updateSessionSettings", locks(), call)],
    setPersonRole: [1, () => mutate(gateway, "setPersonRole", { personId: person.id, role: "VIEWER" }, call)],
    removePerson: [1, () => mutate(gateway, "removePerson", { personId: person.id }, call)],
    endMeeting: [2, () => mutate(gateway, "endMeeting", { meetingId }, call)],
    deleteMeeting: [1, () => mutate(gateway, "deleteMeeting", { meetingId: idle }, call)],
    updateGeneralMeetingSettings: [1, () => mutate(gateway, "updateGeneralMeetingSettings", patch, call)],
    updateRecording: [1, () => mutate(gateway, "updateRecording", { recordingId, isPublished: false }, call)],
    deleteRecording: [1, () => mutate(gateway, "deleteRecording", { recordingId }, call)],
    createAccessToken: [1, () => newToken(gateway, ["MEETINGS_READ"], {}, call)],
    revokeAccessToken: [1, () => mutate(gateway, "revokeAccessToken", { tokenId }, call)],
  };
  const { __type } = await ask(gateway, `{ __type(name: "Mutation") { fields { name } } }`);
  expect(Object.keys(mutations).toSorted()).toEqual(__type.fields.map(({ name }: { name: string }) => name).toSorted());
  for (const [name, [rises, work]] of Object.entries(mutations)) {
    expect([name, await raisedBy(work)]).toEqual([name, rises]);
  }

  const settings = { meeting_setting: tenSettings() };
  const again = await createMeeting(gateway, {}, call);
  const v1: [path: string, rises: number, given: V1Call][] = [
    ["create_meeting", 1, post(settings, call)],
    [`update_meeting?meeting_id=${again}`, 1, { ...post(settings, call), method: "PUT" }],
    ["start_meeting", 2, post({ meeting_id: again, moderator_name: "m" }, call)],
    ["start_meeting", 0, post({ meeting_id: again, moderator_name: "m" }, call)],
    ["list_meetings", 0, call],
    [`list_sessions?meeting_id=${again}`, 0, call],
    [`end_meeting?meeting_id=${again}`, 2, call],
    [`delete_scheduled_meeting?meeting_id=${again}`, 1, { method: "DELETE", ...call }],
    ["list_general_meeting_setting", 0, call],
  ];
  for (const [path, rises, given] of v1) {
    const raised = await raisedBy(async () => {
      const { status, text } = await gateway.v1(path, given);
      if (status >= 300) throw new Error(`${path}: ${text}`);
    });
    expect([path, raised]).toEqual([path, rises]);
  }

  // While someone is inside, the server notes that it lives.
  const inside = await createMeeting(gateway, {}, call);
  await gateway.socket().enter(await startMeeting(gateway, inside, {}, call));
  const beats = vi.fn<(changed: ReadonlySet<string>) => void>();
  gateway.opened.services.storage.onCommit(beats);
  const before = version();
  await vi.waitUntil(() => beats.mock.calls.length > 2);
  expect(beats.mock.calls.flatMap(([changed]) => [...changed])).toEqual([]);
  expect(version()).toBe(before);
});

test("entering, leaving and ending in the room, the empty room's end and the operator's tool raise it; another license's stays", async () => {
  const gateway = await boot({ timings: { sweep: 20, hold: 20 }, env: { EMPTY_ROOM_MINUTES: "5" } });
  const { id, call, raisedBy } = await watched(gateway);
  const other = await watched(gateway);
  const untouched = other.version();
  const meetingId = await createMeeting(gateway, {}, call);
  const link = await startMeeting(gateway, meetingId, {}, call);
  const viewer = await joinMeeting(gateway, meetingId, "v", {}, call);
  const [moderator, guest] = [gateway.socket(), gateway.socket()];
  // Among several servers the first one that somebody comes to is noted, too.
  expect(await raisedBy(() => moderator.enter(link))).toBe(isOnPostgres ? 2 : 1);
  expect(await raisedBy(() => guest.enter(viewer))).toBe(1);
  const leave = async () => {
    await guest.say({ type: "leave" });
    await moderator.frame("left");
  };
  expect(await raisedBy(leave)).toBe(1);
  const end = async () => {
    await moderator.say({ type: "end" });
    await gateway.v1("list_meetings", call);
    await vi.waitUntil(() => gateway.opened.services.underWay.size === 0);
    await moderator.closing();
    await vi.waitFor(async () => {
      const { body } = await gateway.v1(`list_sessions?meeting_id=${meetingId}`, call);
      expect(body.data[0].session_end_time).not.toBeNull();
    });
  };
  expect(await raisedBy(end)).toBe(2);

  await startMeeting(gateway, meetingId, {}, call);
  const isRunning = async () => (await gateway.v1("list_meetings", call)).body.data[0].is_running as boolean;
  const emptied = async () => {
    gateway.clock.forward(6 * 60_000);
    await vi.waitFor(async () => expect(await isRunning()).toBe(false), { timeout: 5000 });
  };
  expect(await raisedBy(emptied)).toBe(2);

  await startMeeting(gateway, meetingId, {}, call);
  const env = { ...process.env, ...environmentOf(gateway.folder) } as Record<string, string>;
  const tool = async (...args: string[]) => {
    const { code, stderr } = await runTool(env, args);
    if (code !== 0) throw new Error(stderr);
  };
  expect(await raisedBy(() => tool("license", "update", id, "--name", "N"))).toBe(1);
  expect(await raisedBy(() => tool("license", "list"))).toBe(0);
  expect(await raisedBy(() => tool("license", "revoke", id, "--end-sessions"))).toBe(3);
  expect(other.version()).toBe(untouched);
});

test("what a failed start, a failed end and a refused call leave behind is told by the version too", async () => {
  const engine = testEngine();
  const gateway = await boot({ openEngine: engine.open });
  const { call, raisedBy } = await watched(gateway);
  const meetingId = await createMeeting(gateway, {}, call);
  const starting = () => gateway.v1("start_meeting", post({ meeting_id: meetingId, moderator_name: "m" }, call));
  engine.fail("openRoom");
  expect(await raisedBy(starting)).toBe(2);
  engine.mend("openRoom");
  await starting();
  engine.fail("closeRoom");
  expect(await raisedBy(() => gateway.v1(`end_meeting?meeting_id=${meetingId}`, call))).toBe(2);
  // Rolled back: nothing was changed.
  expect(await raisedBy(() => mutate(gateway, "deleteMeeting", { meetingId }, call))).toBe(0);
});
