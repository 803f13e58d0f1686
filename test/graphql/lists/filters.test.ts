import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { insertRecording } from "../../helpers/rows.js";
import { ask, mutate, newMeeting, start, switches } from "../ask.js";

test("meetings are filtered by title, time, running and switches; all given conditions must hold", async () => {
  const gateway = await boot();
  const first = await newMeeting(gateway, { title: "Ärzte 100%_\\", settings: switches(false, { record: true }) });
  gateway.clock.forward(60_000);
  const border = new Date(gateway.clock.now().getTime() - 30_000).toISOString();
  await newMeeting(gateway, { title: "Élan", settings: switches(true) });
  await newMeeting(gateway);
  await start(gateway, first);
  const found = async (filter: object) => {
    const query = `query ($filter: MeetingFilter) { meetings(filter: $filter, orderBy: { field: TITLE }) {
      totalCount nodes { title } } }`;
    const { totalCount, nodes } = (await ask(gateway, query, { filter })).meetings;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ title }: { title: string | null }) => title ?? "-").join("|");
  };
  expect(await found({ titleContains: "ÄRZ" })).toBe("Ärzte 100%_\\");
  expect(await found({ titleContains: "%_\\" })).toBe("Ärzte 100%_\\");
  expect(await found({ titleContains: "l%n" })).toBe("");
  expect(await found({ titleContains: "\uffff" })).toBe("");
  expect(await found({ titleContains: "", settingsEnabled: [] })).toBe("Ärzte 100%_\\|Élan|-");
  expect(await found({ isRunning: true })).toBe("Ärzte 100%_\\");
  expect(await found({ isRunning: false })).toBe("Élan|-");
  expect(await found({ isRunning: null, createdAt: null })).toBe("Ärzte 100%_\\|Élan|-");
  expect(await found({ settingsEnabled: ["RECORD"] })).toBe("Ärzte 100%_\\|Élan");
  expect(await found({ settingsEnabled: ["RECORD", "LOCK_SETTINGS_DISABLE_CAM"] })).toBe("Élan");
  expect(await found({ createdAt: { until: border } })).toBe("Ärzte 100%_\\");
  expect(await found({ createdAt: { from: border } })).toBe("Élan|-");
  expect(await found({ createdAt: { from: border }, isRunning: true })).toBe("");
});

test("an interval takes its lower bound in and leaves its upper bound out", async () => {
  const gateway = await boot();
  const id = await newMeeting(gateway);
  const { createdAt } = (await ask(gateway, `{ meeting(id: "${id}") { createdAt } }`)).meeting;
  const count = async (createdAtRange: object) =>
    (
      await ask(gateway, "query ($r: DateTimeRange) { meetings(filter: { createdAt: $r }) { totalCount } }", {
        r: createdAtRange,
      })
    ).meetings.totalCount;
  expect([await count({ from: createdAt }), await count({ until: createdAt })]).toEqual([1, 0]);
});

test("attendances are filtered by name, presence and role", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway);
  const { sessionId, joinUrl } = await start(gateway, meetingId, { moderatorName: "Dr. Ahmad" });
  await gateway.socket().enter(joinUrl);
  for (const fullName of ["Zoë", "adam"]) {
    const joined = await mutate(gateway, "joinMeeting", { meetingId, fullName, role: "VIEWER" });
    const socket = gateway.socket();
    await socket.enter(joined.joinUrl);
    if (fullName === "adam") await socket.say({ type: "leave" }).then(() => socket.closing());
  }
  const found = async (filter: object) => {
    const query = `query ($id: ID!, $filter: AttendanceFilter) {
      session(id: $id) { attendances(filter: $filter) { totalCount nodes { fullName } } } }`;
    const { totalCount, nodes } = (await ask(gateway, query, { id: sessionId, filter })).session.attendances;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ fullName }: { fullName: string }) => fullName);
  };
  expect(await found({ fullNameContains: "zOË" })).toEqual(["Zoë"]);
  expect(await found({ isPresent: true })).toEqual(["Dr. Ahmad", "Zoë"]);
  expect(await found({ isPresent: false })).toEqual(["adam"]);
  expect(await found({ role: ["MODERATOR"] })).toEqual(["Dr. Ahmad"]);
  expect(await found({ role: ["MODERATOR", "VIEWER"], fullNameContains: "ad" })).toEqual(["Dr. Ahmad", "adam"]);
});

test("sessions of all meetings, by time and state; recordings by meeting, state, publication and time", async () => {
  const gateway = await boot();
  const meetings = [await newMeeting(gateway), await newMeeting(gateway)];
  const sessions: string[] = [];
  for (const meetingId of meetings) sessions.push((await start(gateway, meetingId)).sessionId);
  await mutate(gateway, "endMeeting", { meetingId: meetings[0] });
  const { sessions: running } = await ask(
    gateway,
    "{ sessions(filter: { status: RUNNING }) { nodes { id } totalCount } }",
  );
  expect(running).toEqual({ nodes: [{ id: sessions[1] }], totalCount: 1 });
  const { sessions: all } = await ask(
    gateway,
    "{ sessions(orderBy: { field: STARTED_AT, direction: ASC }) { nodes { id } } }",
  );
  expect(all.nodes.map(({ id }: { id: string }) => id)).toEqual(sessions);

  const ready = insertRecording(gateway, sessions[0] ?? "", { status: "READY", published: true, at: 1000 });
  const failed = insertRecording(gateway, sessions[1] ?? "", { status: "FAILED", published: false, at: 2000 });
  const found = async (filter: object) => {
    const query = "query ($filter: RecordingFilter) { recordings(filter: $filter) { totalCount nodes { id } } }";
    const { totalCount, nodes } = (await ask(gateway, query, { filter })).recordings;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ id }: { id: string }) => id);
  };
  expect(await found({})).toEqual([failed, ready]);
  expect(await found({ meetingId: meetings[0] })).toEqual([ready]);
  expect(await found({ status: ["FAILED", "PROCESSING"] })).toEqual([failed]);
  expect(await found({ isPublished: true })).toEqual([ready]);
  expect(await found({ createdAt: { from: new Date(1500).toISOString() } })).toEqual([failed]);
});
