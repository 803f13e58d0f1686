import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { mutate, newMeeting, start } from "../ask.js";
import { doors, followed, type Heard } from "./clients.js";

const every = Object.entries(doors).map(([door, open]) => ({ door, open }));
const license = ({ key }: Gateway) => ({ license: key });

async function enter(gateway: Gateway, meetingId: string, fullName: string) {
  const { joinUrl } = await mutate(gateway, "joinMeeting", { meetingId, fullName, role: "VIEWER" });
  const socket = gateway.socket();
  await socket.enter(joinUrl);
  return socket;
}

const data = async (heard: Heard) => (await heard.next()).data;

test.each(every)(
  "over $door: a session starts, people join and leave, it ends; each told as it is committed",
  async ({ open }) => {
    const gateway = await boot();
    const meetingId = await newMeeting(gateway, { title: "Algebra" });
    const hear = (query: string) => open(gateway, license(gateway), { query });
    const started = hear("subscription { sessionStarted { id occurredAt session { id status meeting { title } } } }");
    const joined = hear("subscription { attendanceJoined { attendance { fullName leftAt session { id } } } }");
    const left = hear("subscription { attendanceLeft { attendance { fullName leftAt } } }");
    const ended = hear("subscription { sessionEnded { session { id status endedAt } } }");
    await followed(gateway, 4);

    const { sessionId } = await start(gateway, meetingId);
    expect(await data(started)).toEqual({
      sessionStarted: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        occurredAt: expect.stringMatching(/Z$/),
        session: { id: sessionId, status: "RUNNING", meeting: { title: "Algebra" } },
      },
    });
    const socket = await enter(gateway, meetingId, "Zoe");
    expect(await data(joined)).toEqual({
      attendanceJoined: { attendance: { fullName: "Zoe", leftAt: null, session: { id: sessionId } } },
    });
    await socket.say({ type: "leave" });
    expect(await data(left)).toEqual({
      attendanceLeft: { attendance: { fullName: "Zoe", leftAt: expect.stringMatching(/Z$/) } },
    });
    await mutate(gateway, "endMeeting", { meetingId });
    expect(await data(ended)).toEqual({
      sessionEnded: { session: { id: sessionId, status: "ENDED", endedAt: expect.stringMatching(/Z$/) } },
    });
    for (const heard of [started, joined, left, ended]) expect(heard.results).toHaveLength(1);
  },
);

test.each(every)(
  "over $door: a changed role, a removed person and changed locks of a running session are told, each once",
  async ({ open }) => {
    const gateway = await boot();
    const meetingId = await newMeeting(gateway);
    const people = open(gateway, license(gateway), {
      query: "subscription { attendanceChanged { attendance { id role removedAt } } }",
    });
    const locks = open(gateway, license(gateway), {
      query: "subscription { sessionChanged { session { id settings { lockSettingsDisableNote } } } }",
    });
    const { sessionId } = await start(gateway, meetingId);
    const { person } = await (await enter(gateway, meetingId, "Zoe")).frame("entered");
    await followed(gateway, 2);
    for (let nth = 0; nth < 2; nth++)
      await mutate(gateway, "setPersonRole", { personId: person.id, role: "MODERATOR" });
    const attendance = { id: person.id, role: "MODERATOR", removedAt: null };
    expect(await data(people)).toEqual({ attendanceChanged: { attendance } });
    await mutate(gateway, "updateSessionSettings", { sessionId, settings: { lockSettingsDisableNote: true } });
    const session = { id: sessionId, settings: { lockSettingsDisableNote: true } };
    expect(await data(locks)).toEqual({ sessionChanged: { session } });
    await mutate(gateway, "removePerson", { personId: person.id });
    const removed = { ...attendance, removedAt: expect.stringMatching(/Z$/) };
    expect(await data(people)).toEqual({ attendanceChanged: { attendance: removed } });
    for (const [heard, times] of [
      [people, 2],
      [locks, 1],
    ] as const)
      expect(heard.results).toHaveLength(times);
  },
);

test.each(every)(
  "over $door: each event shows its subject as it is then, not as an earlier one showed it",
  async ({ open }) => {
    const gateway = await boot();
    const meetingId = await newMeeting(gateway);
    const query = `subscription { attendanceJoined { attendance { fullName session { attendances { totalCount } } } } }`;
    const heard = open(gateway, license(gateway), { query });
    await start(gateway, meetingId);
    await followed(gateway, 1);
    for (const [at, name] of ["a", "b"].entries()) {
      await enter(gateway, meetingId, name);
      const { attendanceJoined } = await data(heard);
      expect(attendanceJoined.attendance).toEqual({ fullName: name, session: { attendances: { totalCount: at + 1 } } });
    }
  },
);

test.each(every)(
  "over $door: only one's own license's events, and with meetingId only that meeting's",
  async ({ open }) => {
    const gateway = await boot();
    const other = await gateway.license();
    const [one, two] = [await newMeeting(gateway), await newMeeting(gateway)];
    const foreign = await newMeeting(gateway, {}, { key: other.key });
    const query = "subscription ($m: ID) { sessionStarted(meetingId: $m) { session { meeting { id } } } }";
    const all = open(gateway, license(gateway), { query });
    const narrow = open(gateway, license(gateway), { query, variables: { m: two } });
    await followed(gateway, 2);
    await start(gateway, foreign, {}, { key: other.key });
    await start(gateway, one);
    await start(gateway, two);
    const idOf = async (heard: Heard) => (await data(heard)).sessionStarted.session.meeting.id;
    expect([await idOf(all), await idOf(all), await idOf(narrow)]).toEqual([one, two, two]);
    await all.silence();
    await narrow.silence();
    const unknown = open(gateway, license(gateway), { query, variables: { m: foreign } });
    expect((await unknown.next()).errors).toMatchObject([
      { message: "There is no such meeting.", extensions: { code: "BAD_USER_INPUT" } },
    ]);
  },
);

test.each(every)(
  "over $door: who lost the line goes on after the last event it saw, none missing, none twice",
  async ({ open }) => {
    const gateway = await boot();
    const meetingId = await newMeeting(gateway);
    await start(gateway, meetingId);
    const query = "subscription ($after: ID) { attendanceJoined(after: $after) { id attendance { fullName } } }";
    const first = open(gateway, license(gateway), { query });
    await followed(gateway, 1);
    await enter(gateway, meetingId, "p0");
    const seen = (await data(first)).attendanceJoined;
    first.stop();
    const names = Array.from({ length: 60 }, (_, at) => `p${at + 1}`);
    for (const name of names.slice(0, 55)) await enter(gateway, meetingId, name);
    const second = open(gateway, license(gateway), { query, variables: { after: seen.id.toUpperCase() } });
    const heard: string[] = [];
    for (let at = 0; at < 55; at += 1) heard.push((await data(second)).attendanceJoined.attendance.fullName);
    for (const name of names.slice(55)) await enter(gateway, meetingId, name);
    for (let at = 0; at < 5; at += 1) heard.push((await data(second)).attendanceJoined.attendance.fullName);
    expect(heard).toEqual(names);
    await second.silence();

    for (const after of ["nonsense", "0db9ac9d-399b-4b9b-987c-50fd77f5d15d"]) {
      const refused = await open(gateway, license(gateway), { query, variables: { after } }).next();
      expect(refused.errors).toMatchObject([
        { message: "after is not the id of an event you can see.", extensions: { code: "BAD_USER_INPUT" } },
      ]);
    }
  },
);

test.each(every)(
  "over $door: queries and mutations run too, and faults are said as over HTTP, in the caller's language",
  async ({ open }) => {
    const gateway = await boot();
    const once = async (query: string, variables: Record<string, unknown> = {}, language = "en") =>
      (await open(gateway, license(gateway), { query, variables }, language).next()) as {
        errors?: unknown;
        data?: unknown;
      };
    expect(await once("{ license { name } }")).toEqual({ data: { license: { name: "Test" } } });
    const created = await once(
      'mutation { createMeeting(input: { title: "x" }) { ... on CreateMeetingSuccess { meeting { title } } } }',
    );
    expect(created).toEqual({ data: { createMeeting: { meeting: { title: "x" } } } });

    const faults = async (query: string, variables: Record<string, unknown> = {}, language = "en") => {
      const { errors } = await once(query, variables, language).catch((error: unknown) => ({ errors: error }));
      const over = await gateway.graphql("", {}, { method: "POST", body: { query, variables }, language });
      const bare = (list: unknown) =>
        (list as { message: string; extensions: Record<string, unknown> }[]).map(({ message, extensions }) => {
          const { requestId, ...rest } = extensions;
          return { message, rest, hasId: typeof requestId === "string" };
        });
      expect(bare(errors)).toEqual(bare(over.body.errors));
      return (errors as { message: string }[])[0]?.message ?? "";
    };
    expect(await faults("query A { license { name } } query B { license { name } }")).toContain("operationName");
    expect(await faults("{ meetings(first: 0) { nodes { id } } }")).toContain("between 1 and 100");
    expect(await faults("{ meetings {")).toContain("Syntax Error");
    expect(await faults("{ meetings { nodes { titl } } }")).toContain('Did you mean "title"');
    expect(await faults("query ($id: ID!) { meeting(id: $id) { id } }", { id: "hunter2" })).not.toContain("hunter2");
    const dear = "{ meetings(first: 100) { nodes { sessions(first: 100) { nodes { id } } } } }";
    expect(await faults(dear)).toContain("costs 10201 points");
    expect(await faults("{ meetings(first: 0) { nodes { id } } }", {}, "ar")).toContain("بين 1 و 100");
  },
);
