import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { engineWith } from "../../helpers/test-engine.js";
import { expectRefusal } from "../calls.js";
import { openBeside } from "../../helpers/beside.js";

const english = { language: "en" };
const start = (gateway: Gateway, body: object) =>
  gateway.v1("start_meeting", { method: "POST", body: { moderator_name: "m", ...body }, ...english });
const join = (gateway: Gateway, body: object) =>
  gateway.v1("join_meeting", { method: "POST", body: { fullname: "v", role: "viewer", ...body }, ...english });

test("start-1: meeting_id and moderator_name are required", async () => {
  const gateway = await boot();
  const answer = await gateway.v1("start_meeting", { method: "POST", body: {}, ...english });
  expect([answer.status, answer.body.error_messages]).toEqual([
    400,
    ["meeting_id is required.", "moderator_name is required."],
  ]);
});

test("start-2: the moderator password must match where there is one; none is asked where there is none", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway, { moderator_password: "modpwd" });
  expect((await start(gateway, { meeting_id })).status).toBe(401);
  expect((await start(gateway, { meeting_id, moderator_password: "wrong" })).status).toBe(401);
  expect((await start(gateway, { meeting_id, moderator_password: "MODPWD" })).status).toBe(401);
  expect((await start(gateway, { meeting_id, moderator_password: "modpwd" })).status).toBe(200);
  // Running or not.
  expect((await start(gateway, { meeting_id, moderator_password: "wrong" })).status).toBe(401);
  expect((await start(gateway, { meeting_id })).status).toBe(401);
  const open = await createMeeting(gateway);
  expect((await start(gateway, { meeting_id: open, moderator_password: "anything" })).status).toBe(200);
});

test("start-3: the session's title is its own or the meeting's; its attendee password is its own", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway, { title: "meeting" });
  expect((await start(gateway, { meeting_id })).body.data.title).toBe("meeting");
  await gateway.v1(`end_meeting?meeting_id=${meeting_id}`);
  expect((await start(gateway, { meeting_id, title: "own", attendee_password: "a" })).body.data.title).toBe("own");
  expect((await join(gateway, { meeting_id })).status).toBe(401);
  const { data } = (await gateway.v1(`list_sessions?meeting_id=${meeting_id}`)).body;
  expect(data.map((row: Record<string, unknown>) => [row["title"], row["attendee_password"]])).toEqual([
    ["meeting", ""],
    ["own", "a"],
  ]);
});

test("start-4: logout_url may lack its scheme; only http and https are taken", async () => {
  const gateway = await boot();
  for (const logout_url of ["example.com", "example.com:8080/x", "http://a.example/?q=1", "https://a.example", ""]) {
    const meeting_id = await createMeeting(gateway);
    expect([logout_url, (await start(gateway, { meeting_id, logout_url })).status]).toEqual([logout_url, 200]);
  }
  const meeting_id = await createMeeting(gateway);
  for (const logout_url of ["javascript:alert(1)", "ftp://a.example", "/path", "not a url", "data:text/html,x"]) {
    const { body } = await start(gateway, { meeting_id, logout_url });
    expect([logout_url, body.error_messages]).toEqual([
      logout_url,
      ["logout_url must be a web address that begins with http or https."],
    ]);
  }
});

test("start-3: without its own a session has no attendee password, whatever the one before or the meeting has", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway, { title: "meeting", moderator_password: "modpwd" });
  const call = { meeting_id, moderator_password: "modpwd" };
  await start(gateway, { ...call, title: "own", attendee_password: "attpwd" });
  await gateway.v1(`end_meeting?meeting_id=${meeting_id}`);
  // The session's title was its own only.
  expect((await gateway.v1("list_meetings")).body.data[0].title).toBe("meeting");
  expect((await start(gateway, call)).body.data.title).toBe("meeting");
  expect((await join(gateway, { meeting_id })).status).toBe(200);
  const { data } = (await gateway.v1(`list_sessions?meeting_id=${meeting_id}`)).body;
  expect(data.map((row: Record<string, unknown>) => row["attendee_password"])).toEqual(["attpwd", ""]);
});

test("start-4: the address is kept with the scheme it has, and with https where it has none", async () => {
  const gateway = await boot();
  const cases = [
    ["example.com", "https://example.com/"],
    ["example.com:8080/x", "https://example.com:8080/x"],
    ["http://a.example/?q=1", "http://a.example/?q=1"],
    ["HTTPS://a.example/", "https://a.example/"],
    ["", null],
  ];
  for (const [logout_url, kept] of cases) {
    const meeting_id = await createMeeting(gateway);
    const { url } = (await start(gateway, { meeting_id, logout_url })).body.data;
    const { data } = (await gateway.graphql(`{ session(id: "${sessionOf(url)}") { logoutUrl } }`)).body;
    expect([logout_url, data.session.logoutUrl]).toEqual([logout_url, kept]);
  }
});

test("start-5: the same call again gives a link into the running session; a contradicting one → 400 naming what differs", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway, { title: "t" });
  const call = { meeting_id, title: "own", attendee_password: "a", logout_url: "example.com" };
  const first = (await start(gateway, call)).body.data.url;
  const again = (await start(gateway, call)).body.data.url;
  const bare = (await start(gateway, { meeting_id })).body.data.url;
  expect([sessionOf(again), sessionOf(bare)]).toEqual([sessionOf(first), sessionOf(first)]);
  expect(again).not.toBe(first);
  const roles = [first, again, bare].map((url) => new URL(url).searchParams.get("role"));
  expect(roles).toEqual(["moderator", "moderator", "moderator"]);
  const other = await start(gateway, { meeting_id, title: "x", attendee_password: "x", logout_url: "x.example" });
  expect(other.status).toBe(400);
  expect(other.body.error_messages[0]).toContain("title, attendee_password, logout_url");
  expect((await gateway.v1(`list_sessions?meeting_id=${meeting_id}`)).body.data).toHaveLength(1);
});

test("start-5: a call that meets a session just being started waits for its outcome, and not for ever", async () => {
  const opening: (() => void)[] = [];
  const gateway = await boot({
    timings: { engineWait: 1_500 },
    openEngine: engineWith(() => ({
      openRoom: () => new Promise((resolve) => void opening.push(() => resolve(null))),
    })),
  });
  const meeting_id = await createMeeting(gateway);
  const both = [start(gateway, { meeting_id }), start(gateway, { meeting_id })];
  while (opening.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  opening[0]?.();
  const answers = await Promise.all(both);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(new Set(answers.map(({ body }) => sessionOf(body.data.url))).size).toBe(1);
  const stuck = await createMeeting(gateway);
  const late = await Promise.all([start(gateway, { meeting_id: stuck }), start(gateway, { meeting_id: stuck })]);
  expect(late.map(({ status }) => status)).toEqual([502, 502]);
  const { data } = (await gateway.v1(`list_sessions?meeting_id=${stuck}`)).body;
  expect(data.map((row: { status: boolean }) => row.status)).toEqual([false]);
});

test("start-5: a session left half open by another process is waited for no longer than that, then 502", async () => {
  const gateway = await boot({ timings: { engineWait: 300 } });
  const meeting_id = await createMeeting(gateway);
  await startMeeting(gateway, meeting_id);
  const database = openBeside(gateway);
  database.prepare("UPDATE sessions SET status = 'STARTING'").run();
  const sentence = "The conference engine could not do it. Try again in a moment.";
  for (const answer of await Promise.all([start(gateway, { meeting_id }), join(gateway, { meeting_id })])) {
    expectRefusal(answer, 502, sentence);
  }
  database.prepare("UPDATE sessions SET status = 'RUNNING'").run();
  database.close();
  expect((await start(gateway, { meeting_id })).status).toBe(200);
});

test("start-6: twenty starts at once open exactly one session", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway);
  const answers = await Promise.all(Array.from({ length: 20 }, () => start(gateway, { meeting_id })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ body }) => sessionOf(body.data.url))).size).toBe(1);
  expect((await gateway.v1(`list_sessions?meeting_id=${meeting_id}`)).body.data).toHaveLength(1);
});

test("join-1: at start_meeting for a body with role or fullname and no moderator_name", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway);
  await startMeeting(gateway, meeting_id);
  const at = async (body: object) =>
    (await gateway.v1("start_meeting", { method: "POST", body: { meeting_id, ...body }, ...english })).body;
  expect((await at({ role: "viewer", fullname: "v" })).data.title).toBeUndefined();
  expect((await at({ role: "viewer" })).error_messages).toEqual(["fullname is required."]);
  expect((await at({ fullname: "v" })).error_messages).toEqual(["role is required."]);
  expect((await at({ fullname: "v", moderator_name: "m" })).data.title).toBe("");
});

test("join-2: a moderator shows the meeting's password, a viewer the session's", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway, { moderator_password: "modpwd" });
  await startMeeting(gateway, meeting_id, { moderator_password: "modpwd", attendee_password: "attpwd" });
  const status = async (role: string, password?: string) =>
    (await join(gateway, { meeting_id, role, password })).status;
  expect(await status("viewer", "attpwd")).toBe(200);
  expect(await status("viewer", "modpwd")).toBe(401);
  expect(await status("viewer")).toBe(401);
  expect(await status("moderator", "modpwd")).toBe(200);
  expect(await status("moderator", "attpwd")).toBe(401);
  const other = await join(gateway, { meeting_id, role: "boss", password: "attpwd" });
  expect(other.body.error_messages).toEqual(["role must be moderator or viewer."]);
});

test("join-2: without a password set anyone may, whatever they show; one role's password is not asked of the other", async () => {
  const gateway = await boot();
  const open = await createMeeting(gateway);
  await startMeeting(gateway, open);
  for (const role of ["viewer", "moderator"]) {
    for (const password of [undefined, null, "", "anything"]) {
      const { status } = await join(gateway, { meeting_id: open, role, password });
      expect([role, password, status]).toEqual([role, password, 200]);
    }
  }
  const half = await createMeeting(gateway);
  await startMeeting(gateway, half, { attendee_password: "attpwd" });
  expect((await join(gateway, { meeting_id: half, role: "moderator" })).status).toBe(200);
  expect((await join(gateway, { meeting_id: half, role: "viewer" })).status).toBe(401);
});

test("join-3: not running → 400; the moderators' password is the meeting's current one, also while running", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway, { moderator_password: "old" });
  expect((await join(gateway, { meeting_id })).status).toBe(400);
  await startMeeting(gateway, meeting_id, { moderator_password: "old" });
  await gateway.graphql(
    `mutation { updateMeeting(input: {meetingId: "${meeting_id}", moderatorPassword: "new"}) { __typename } }`,
  );
  expect((await join(gateway, { meeting_id, role: "moderator", password: "old" })).status).toBe(401);
  expect((await join(gateway, { meeting_id, role: "moderator", password: "new" })).status).toBe(200);
  // The same at the other door for moderators.
  expect((await start(gateway, { meeting_id, moderator_password: "old" })).status).toBe(401);
  expect((await start(gateway, { meeting_id, moderator_password: "new" })).status).toBe(200);
});

test("end-1: by GET, or by POST with the id in query or body; not running → 400; one instant for all", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway);
  const link = await startMeeting(gateway, meeting_id);
  for (const url of [link, await joinMeeting(gateway, meeting_id, "v")]) await gateway.socket().enter(url);
  const ended = await gateway.v1("end_meeting/", { method: "POST", body: { meeting_id } });
  expect([ended.status, ended.body.data]).toEqual([200, null]);
  expect((await gateway.v1("end_meeting/", { method: "POST", body: { meeting_id } })).status).toBe(400);
  const session = `session(id: "${sessionOf(link)}")`;
  const { data } = (
    await gateway.graphql(`{ ${session} { endedAt attendances { nodes { leftAt stays { nodes { leftAt } } } } } }`)
  ).body;
  const { endedAt, attendances } = data.session;
  expect(attendances.nodes).toEqual([1, 2].map(() => ({ leftAt: endedAt, stays: { nodes: [{ leftAt: endedAt }] } })));
  await startMeeting(gateway, meeting_id);
  expect((await gateway.v1(`end_meeting?meeting_id=${meeting_id}`, { method: "POST" })).status).toBe(200);
  await startMeeting(gateway, meeting_id);
  const twice = await Promise.all([1, 2].map(() => gateway.v1(`end_meeting?meeting_id=${meeting_id}`)));
  expect(twice.map(({ status }) => status).toSorted()).toEqual([200, 400]);
});
