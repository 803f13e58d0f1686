import { GraphQLObjectType } from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway, ofFiles } from "../../helpers/boot.js";
import { ask, mutate, newMeeting, start, switches } from "../ask.js";
import { openBeside, refuseEvents } from "../../helpers/beside.js";

const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** The database, opened beside the server. */
const beside = (gateway: Gateway) => openBeside(gateway);

test("create-2, create-3: a meeting comes back as it was given; what was left out is null", async () => {
  const gateway = await boot();
  const given = { title: "Algebra", moderatorPassword: "modpwd", welcomeText: "line\nline" };
  const settings = switches(false, { record: true });
  const full = await mutate(gateway, "createMeeting", { ...given, settings });
  expect(full).toEqual({
    __typename: "CreateMeetingSuccess",
    meeting: { id: uuid, ...given, settings, isRunning: false, createdAt: instant, updatedAt: instant },
  });
  const { meeting } = await mutate(gateway, "createMeeting", { title: "" });
  expect(meeting).toMatchObject({ title: null, moderatorPassword: null, welcomeText: null, settings: switches(false) });
});

test("a meeting's whole life in the graph: create, change, start, join, enter, end, read, delete", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { title: "Algebra", moderatorPassword: "modpwd" });
  const patch = { meetingId: meetingId.toUpperCase(), title: "Geometry", settings: { record: true } };
  expect((await mutate(gateway, "updateMeeting", patch)).meeting).toMatchObject({
    title: "Geometry",
    moderatorPassword: "modpwd",
    settings: switches(false, { record: true }),
  });

  const first = { meetingId, moderatorName: "Ada", moderatorPassword: "modpwd", attendeePassword: "attpwd" };
  const started = await mutate(gateway, "startMeeting", { ...first, logoutUrl: "https://example.com/bye" });
  expect(started).toMatchObject({
    isNew: true,
    session: {
      id: uuid,
      title: "Geometry",
      status: "RUNNING",
      startedAt: instant,
      endedAt: null,
      attendeePassword: "attpwd",
      logoutUrl: "https://example.com/bye",
      moderatorName: "Ada",
      meeting: { id: meetingId },
    },
  });
  const again = await mutate(gateway, "startMeeting", { ...first, moderatorName: "Grace" });
  expect(again).toMatchObject({ isNew: false, session: { id: started.session.id } });

  const joined = await mutate(gateway, "joinMeeting", {
    meetingId,
    fullName: "Alan T",
    role: "VIEWER",
    password: "attpwd",
  });
  expect(new URL(joined.joinUrl).searchParams.get("fullName")).toBe("Alan T");
  const person = gateway.socket();
  await person.enter(joined.joinUrl);
  const query = `query ($id: ID!, $session: ID!) {
    meeting(id: $id) { isRunning currentSession { id } }
    session(id: $session) {
      settings { entries { name value label } }
      recording { id }
      attendances { nodes { id fullName role joinedAt leftAt durationSeconds session { id } stays { nodes { joinedAt leftAt source } } } }
    }
  }`;
  const ids = { id: meetingId, session: started.session.id };
  const running = await ask(gateway, query, ids, { language: "en" });
  expect(running.meeting).toEqual({ isRunning: true, currentSession: { id: started.session.id } });
  expect(running.session.settings.entries[6]).toEqual({ name: "RECORD", value: true, label: "Allow recording" });
  expect(running.session.attendances.nodes).toEqual([
    {
      id: new URL(joined.joinUrl).searchParams.get("personID"),
      fullName: "Alan T",
      role: "VIEWER",
      joinedAt: instant,
      leftAt: null,
      durationSeconds: expect.any(Number),
      session: { id: started.session.id },
      stays: { nodes: [{ joinedAt: instant, leftAt: null, source: "LIVE" }] },
    },
  ]);

  const { session } = await mutate(gateway, "endMeeting", { meetingId });
  expect(session).toMatchObject({ id: started.session.id, status: "ENDED", endedAt: instant });
  const over = await ask(gateway, query, ids);
  expect(over.meeting).toEqual({ isRunning: false, currentSession: null });
  expect(over.session.attendances.nodes[0].leftAt).toBe(session.endedAt);

  expect(await mutate(gateway, "deleteMeeting", { meetingId })).toMatchObject({ deletedMeetingId: meetingId });
  const gone = await ask(
    gateway,
    `query ($id: ID!, $session: ID!) {
    meeting(id: $id) { id } session(id: $session) { title meeting { id } attendances { nodes { fullName } } } }`,
    ids,
  );
  expect(gone).toEqual({
    meeting: null,
    session: { title: "Geometry", meeting: null, attendances: { nodes: [{ fullName: "Alan T" }] } },
  });
});

test("general-1: general settings are what a meeting starts from when it is given none; existing meetings keep theirs", async () => {
  const gateway = await boot();
  const before = await newMeeting(gateway);
  const changed = await mutate(gateway, "updateGeneralMeetingSettings", { settings: { lockSettingsDisableMic: true } });
  expect(changed.settings).toEqual(switches(false, { lockSettingsDisableMic: true }));
  const twice = await mutate(gateway, "updateGeneralMeetingSettings", { settings: { record: true } });
  expect(twice.settings).toEqual(switches(false, { lockSettingsDisableMic: true, record: true }));

  const { meeting } = await mutate(gateway, "createMeeting", { title: "from the general ones" });
  expect(meeting.settings).toEqual(twice.settings);
  const given = await mutate(gateway, "createMeeting", { settings: switches(false) });
  expect(given.meeting.settings).toEqual(switches(false));
  const read = await ask(
    gateway,
    `query ($id: ID!) { generalMeetingSettings { record lockSettingsDisableMic } meeting(id: $id) { settings { record } } }`,
    { id: before },
  );
  expect(read).toEqual({
    generalMeetingSettings: { record: true, lockSettingsDisableMic: true },
    meeting: { settings: { record: false } },
  });
});

test("update-1: what is left out keeps its value; null and an empty text clear it", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { title: "T", moderatorPassword: "p", welcomeText: "w" });
  const kept = await mutate(gateway, "updateMeeting", { meetingId, title: null });
  expect(kept.meeting).toMatchObject({ title: null, moderatorPassword: "p", welcomeText: "w" });
  const cleared = await mutate(gateway, "updateMeeting", { meetingId, moderatorPassword: "", welcomeText: null });
  expect(cleared.meeting).toMatchObject({ moderatorPassword: null, welcomeText: null });
});

test("mutations of one request run in the order they stand in, whatever their aliases", async () => {
  const gateway = await boot();
  const names = ["z", "b", "y", "a", "x"];
  const calls = names.map((name) => `${name}: createMeeting(input: { title: "${name}" }) { __typename }`);
  await ask(gateway, `mutation { ${calls.join(" ")} }`);
  const list = `{ meetings(orderBy: { field: CREATED_AT, direction: ASC }) { nodes { title } } }`;
  const { meetings } = await ask(gateway, list);
  expect(meetings.nodes.map(({ title }: { title: string }) => title)).toEqual(names);
});

test("a mutation's own answer shows what it wrote, also in fields that are read anew", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway);
  const data = await ask(
    gateway,
    `mutation ($id: ID!) {
      startMeeting(input: { meetingId: $id, moderatorName: "m" }) {
        ... on StartMeetingSuccess { session { meeting { isRunning currentSession { status } } } } }
      endMeeting(input: { meetingId: $id }) { ... on EndMeetingSuccess { session { meeting { isRunning } } } }
    }`,
    { id: meetingId },
  );
  expect(data.startMeeting.session.meeting).toEqual({ isRunning: true, currentSession: { status: "RUNNING" } });
  expect(data.endMeeting.session.meeting.isRunning).toBe(false);
});

// On PostgreSQL each statement sees its own: docs/decisions/0047-postgresql.md.
ofFiles("one request sees one moment: a change committed while it runs is not half seen", async () => {
  const schema = buildGraph();
  const field = (schema.getQueryType() as GraphQLObjectType).getFields()["meeting"];
  const original = field?.resolve;
  if (!field || !original) throw new Error("Query.meeting has no resolver");
  let meanwhile = () => {};
  field.resolve = async (...args) => {
    const found = await original(...args);
    meanwhile();
    return found;
  };
  const gateway = await boot({ schema });
  const id = await newMeeting(gateway, { title: "before" });
  await start(gateway, id);
  const other = beside(gateway);
  meanwhile = () => void other.prepare("UPDATE meetings SET title = 'after' WHERE id = ?").run(id);
  // The inner title is read after the outer one, and after the change.
  const query = "query ($id: ID!) { meeting(id: $id) { title currentSession { meeting { title } } } }";
  const seen = (title: string) => ({ meeting: { title, currentSession: { meeting: { title } } } });
  expect(await ask(gateway, query, { id })).toEqual(seen("before"));
  expect(await ask(gateway, query, { id })).toEqual(seen("after"));
  other.close();
});

test("what happens is written as event rows, with its door and request, and without secrets", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { title: "Hidden", moderatorPassword: "hunter2" });
  await mutate(gateway, "updateMeeting", { meetingId, welcomeText: "Hidden" });
  await mutate(gateway, "updateGeneralMeetingSettings", { settings: { record: true } });
  const { sessionId } = await start(gateway, meetingId, { moderatorPassword: "hunter2" });
  await mutate(gateway, "endMeeting", { meetingId });
  await mutate(gateway, "deleteMeeting", { meetingId });

  const other = beside(gateway);
  const rows = other.prepare("SELECT * FROM events WHERE door = 'GRAPHQL' ORDER BY seq").all() as Record<
    string,
    unknown
  >[];
  other.close();
  const brief = rows.map(({ type, meeting_id, session_id }) => [type, meeting_id, session_id]);
  expect(brief).toEqual([
    ["meeting.created", meetingId, null],
    ["meeting.updated", meetingId, null],
    ["general_settings.updated", null, null],
    ["session.started", meetingId, sessionId],
    ["session.ended", meetingId, sessionId],
    ["meeting.deleted", meetingId, null],
  ]);
  for (const { request_id } of rows) expect(request_id).toEqual(uuid);
  expect(JSON.stringify(rows)).not.toMatch(/hunter2|Hidden/);
});

test("an event that can't be written undoes what it tells of: both or neither", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { title: "kept" });
  const other = beside(gateway);
  const allow = refuseEvents(other);
  const all = `mutation ($id: ID!) { createMeeting(input: {}) { __typename }
    updateMeeting(input: { meetingId: $id, title: "changed" }) { __typename }
    deleteMeeting(input: { meetingId: $id }) { __typename }
    updateGeneralMeetingSettings(input: { settings: { record: true } }) { __typename } }`;
  const { body } = await gateway.graphql(all, { id: meetingId });
  expect(body.errors).toHaveLength(4);
  expect(JSON.stringify(body)).not.toMatch(/no events today|insert|SQLITE/i);
  allow();
  other.close();
  const state = "{ license { meetingRooms { used } } generalMeetingSettings { record } meetings { nodes { title } } }";
  expect(await ask(gateway, state)).toEqual({
    license: { meetingRooms: { used: 1 } },
    generalMeetingSettings: { record: false },
    meetings: { nodes: [{ title: "kept" }] },
  });
});
