import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { ask, mutate, newMeeting, start } from "../ask.js";
import { openBeside } from "../../helpers/beside.js";

interface Page {
  nodes: Record<string, string>[];
  pageInfo: { startCursor: string | null; endCursor: string | null; hasNextPage: boolean; hasPreviousPage: boolean };
}
type Args = { first?: number | null; after?: string | null; field?: string; direction?: string };

const window = "pageInfo { startCursor endCursor hasNextPage hasPreviousPage }";
const meetingQuery = (field: string, direction: string) => `query ($first: Int, $after: String) {
  page: meetings(first: $first, after: $after, orderBy: { field: ${field}, direction: ${direction} }) {
    nodes { id title } ${window} } }`;

async function meetings(gateway: Gateway, { field = "CREATED_AT", direction = "ASC", ...page }: Args): Promise<Page> {
  return (await ask(gateway, meetingQuery(field, direction), page)).page;
}

const titles = ({ nodes }: Page) => nodes.map(({ title }) => title).join("");

/** Every page of the list, one after the other, with what each page says of its window. */
async function walk(gateway: Gateway, args: Args): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after: string | null = null; ; ) {
    const page = await meetings(gateway, { ...args, after });
    pages.push(page);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return pages;
  }
}

async function refusal(gateway: Gateway, query: string, variables: object = {}, language = "en") {
  const { status, body } = await gateway.graphql("", {}, { method: "POST", body: { query, variables }, language });
  return { status, code: body.errors?.[0].extensions.code, message: body.errors?.[0].message };
}

test("meetings come in each order and direction, page by page, each once", async () => {
  const gateway = await boot();
  const ids: Record<string, string> = {};
  for (const title of ["b", "A", "", "c", "É"]) ids[title] = await newMeeting(gateway, { title });
  gateway.clock.forward(1000);
  await mutate(gateway, "updateMeeting", { meetingId: ids["A"], welcomeText: "changed last" });
  const order = async (field: string, direction: string) => {
    const pages = await walk(gateway, { field, direction, first: 2 });
    return pages.map((page) => page.nodes.map(({ title }) => title ?? "-").join("")).join("|");
  };
  expect(await order("CREATED_AT", "ASC")).toBe("bA|-c|É");
  expect(await order("CREATED_AT", "DESC")).toBe("Éc|-A|b");
  expect(await order("UPDATED_AT", "ASC")).toBe("b-|cÉ|A");
  expect(await order("UPDATED_AT", "DESC")).toBe("AÉ|c-|b");
  // Letter case does not count, and what has no title comes last.
  expect(await order("TITLE", "ASC")).toBe("Ab|cÉ|-");
  expect(await order("TITLE", "DESC")).toBe("-É|cb|A");
});

test("without arguments: the newest twenty; null means left out", async () => {
  const gateway = await boot();
  const create = Array.from({ length: 7 }, (_, at) => `m${at}: createMeeting(input: {}) { __typename }`).join(" ");
  for (let round = 0; round < 3; round += 1) await ask(gateway, `mutation { ${create} }`);
  const { meetings: page } = await ask(gateway, `{ meetings { nodes { createdAt } ${window} } }`);
  expect(page.nodes).toHaveLength(20);
  const times = page.nodes.map(({ createdAt }: { createdAt: string }) => createdAt);
  expect(times).toEqual(times.toSorted().toReversed());
  expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect((await meetings(gateway, { first: null, after: null })).nodes).toHaveLength(20);
});

test("hasNextPage and hasPreviousPage are exact: at both ends, on full, empty and emptied pages", async () => {
  const gateway = await boot();
  const none = await meetings(gateway, { first: 2 });
  expect(none).toEqual({
    nodes: [],
    pageInfo: { startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false },
  });
  const ids = [];
  for (const title of ["a", "b", "c", "d"]) ids.push(await newMeeting(gateway, { title }));
  const flags = (page: Page) => [titles(page), page.pageInfo.hasPreviousPage, page.pageInfo.hasNextPage];
  expect((await walk(gateway, { first: 2 })).map(flags)).toEqual([
    ["ab", false, true],
    ["cd", true, false],
  ]);
  expect((await walk(gateway, { first: 4 })).map(flags)).toEqual([["abcd", false, false]]);

  const last = (await meetings(gateway, { first: 4 })).pageInfo.endCursor;
  expect(flags(await meetings(gateway, { after: last }))).toEqual(["", true, false]);
  // The cursor's row and all before it go: nothing lies before the page any more.
  const second = (await meetings(gateway, { first: 2 })).pageInfo.endCursor;
  for (const meetingId of ids.slice(0, 2)) await mutate(gateway, "deleteMeeting", { meetingId });
  expect(flags(await meetings(gateway, { after: second }))).toEqual(["cd", false, false]);
});

test("a cursor stays good while rows come and go, also the row it was made from", async () => {
  const gateway = await boot();
  const ids = [];
  for (const title of ["b", "d", "f", "h"]) ids.push(await newMeeting(gateway, { title }));
  const after = (await meetings(gateway, { first: 2, field: "TITLE" })).pageInfo.endCursor;
  await mutate(gateway, "deleteMeeting", { meetingId: ids[1] });
  await newMeeting(gateway, { title: "a" });
  await newMeeting(gateway, { title: "e" });
  expect(titles(await meetings(gateway, { after, field: "TITLE" }))).toBe("efh");
});

test("first must be 1 to 100, in words of the caller's language", async () => {
  const gateway = await boot();
  for (const first of [0, -1, 101, 2_147_483_647]) {
    const refused = await refusal(gateway, meetingQuery("TITLE", "ASC"), { first });
    expect(refused).toEqual({ status: 200, code: "BAD_USER_INPUT", message: "first must be between 1 and 100." });
  }
  expect((await refusal(gateway, "{ meetings(first: 0) { nodes { id } } }", {}, "ar")).message).toContain(
    "first بين 1 و 100",
  );
  expect((await meetings(gateway, { first: 100 })).nodes).toEqual([]);
});

test("a cursor that is not ours, or of another order, is refused", async () => {
  const gateway = await boot();
  await newMeeting(gateway, { title: "a" });
  await newMeeting(gateway, { title: "b" });
  const good = (await meetings(gateway, { first: 1, field: "TITLE" })).pageInfo.endCursor as string;
  const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const id = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";
  const broken = [
    "",
    " ",
    "hunter2",
    "é",
    `${good}!`,
    `${good}=`,
    good.slice(0, -2),
    `x${good}`,
    ...[null, [], {}, ["TITLE"], ["TITLE", "ASC"], ["TITLE", "ASC", "a"], ["TITLE", "ASC", "a", 5]].map(coded),
    ...[5, null, true, {}, ["a"]].map((value) => coded(["TITLE", "ASC", value, id])),
    coded(["TITLE", "ASC", "a", "' OR 1=1 --"]),
    coded(["TITLE", "ASC", "a", id, 1]),
  ];
  for (const after of broken) {
    const refused = await refusal(gateway, meetingQuery("TITLE", "ASC"), { after });
    expect([after, refused.code, refused.message]).toEqual([after, "BAD_USER_INPUT", "after is not a valid cursor."]);
  }
  const textForInstant = await refusal(gateway, meetingQuery("CREATED_AT", "ASC"), {
    after: coded(["CREATED_AT", "ASC", "a", id]),
  });
  expect(textForInstant.message).toBe("after is not a valid cursor.");
  for (const [field, direction] of [
    ["TITLE", "DESC"],
    ["CREATED_AT", "ASC"],
  ] as [string, string][]) {
    const refused = await refusal(gateway, meetingQuery(field, direction), { after: good });
    expect(refused).toMatchObject({ code: "BAD_USER_INPUT", message: expect.stringContaining("another order") });
  }
});

test("an order without a direction keeps the list's own for its own field, and goes up for the others", async () => {
  const gateway = await boot();
  for (const title of ["b", "c", "a"]) await newMeeting(gateway, { title });
  const inOrder = async (orderBy: string) =>
    (await ask(gateway, `{ meetings(orderBy: ${orderBy}) { nodes { title } } }`)).meetings.nodes
      .map(({ title }: { title: string }) => title)
      .join("");
  expect(await inOrder("null")).toBe("acb");
  for (const direction of ["", ", direction: null", ", direction: DESC"]) {
    expect([direction, await inOrder(`{ field: CREATED_AT${direction} }`)]).toEqual([direction, "acb"]);
  }
  expect(await inOrder("{ field: CREATED_AT, direction: ASC }")).toBe("bca");
  expect(await inOrder("{ field: TITLE }")).toBe("abc");

  const meetingId = await newMeeting(gateway);
  const sessionIds: string[] = [];
  for (let run = 0; run < 2; run += 1) {
    sessionIds.push((await start(gateway, meetingId)).sessionId);
    await mutate(gateway, "endMeeting", { meetingId });
  }
  const runs = async (field: string) =>
    (await ask(gateway, `{ sessions(orderBy: { field: ${field} }) { nodes { id } } }`)).sessions.nodes.map(
      ({ id }: { id: string }) => id,
    );
  expect(await runs("STARTED_AT")).toEqual(sessionIds.toReversed());
  expect(await runs("ENDED_AT")).toEqual(sessionIds);
});

test("sessions of a meeting: newest first, by start or by end, running ones last by end", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway);
  for (const title of ["one", "two", "three"]) {
    await start(gateway, meetingId, { title });
    if (title !== "three") await mutate(gateway, "endMeeting", { meetingId });
  }
  const list = async (args: string) => {
    const query = `query ($id: ID!) { meeting(id: $id) { sessions${args} { nodes { title } ${window} } } }`;
    return (await ask(gateway, query, { id: meetingId })).meeting.sessions as Page;
  };
  const names = (page: Page) => page.nodes.map(({ title }) => title);
  expect(names(await list(""))).toEqual(["three", "two", "one"]);
  expect(names(await list("(orderBy: { field: STARTED_AT, direction: ASC })"))).toEqual(["one", "two", "three"]);
  const byEnd = await list("(first: 2, orderBy: { field: ENDED_AT })");
  expect(names(byEnd)).toEqual(["one", "two"]);
  const rest = await list(`(after: "${byEnd.pageInfo.endCursor}", orderBy: { field: ENDED_AT })`);
  expect([names(rest), rest.pageInfo.hasPreviousPage]).toEqual([["three"], true]);
});

test("attendance-1: attendances by arrival or by name, page by page", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway);
  const { sessionId } = await start(gateway, meetingId);
  for (const fullName of ["Zoe", "adam", "Bea"]) {
    const { joinUrl } = await mutate(gateway, "joinMeeting", { meetingId, fullName, role: "VIEWER" });
    await gateway.socket().enter(joinUrl);
  }
  const list = async (args: string) => {
    const query = `query ($id: ID!) { session(id: $id) { attendances${args} { nodes { fullName } ${window} } } }`;
    return (await ask(gateway, query, { id: sessionId })).session.attendances as Page;
  };
  const names = (page: Page) => page.nodes.map(({ fullName }) => fullName);
  expect(names(await list(""))).toEqual(["Zoe", "adam", "Bea"]);
  const byName = await list("(first: 2, orderBy: { field: FULL_NAME })");
  expect(names(byName)).toEqual(["adam", "Bea"]);
  const rest = await list(`(after: "${byName.pageInfo.endCursor}", orderBy: { field: FULL_NAME })`);
  expect([names(rest), rest.pageInfo.hasPreviousPage, rest.pageInfo.hasNextPage]).toEqual([["Zoe"], true, false]);
});

test("id-2: another license's ids are null in every query, and its rows are in no list", async () => {
  const gateway = await boot();
  const { id, key } = await gateway.license();
  const meetingId = await newMeeting(gateway, {}, { key });
  const { sessionId } = await start(gateway, meetingId, {}, { key });
  const recordingId = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";
  const database = openBeside(gateway);
  database
    .prepare(`INSERT INTO recordings (id, license_id, session_id, engine, engine_recording_id, status, is_published,
      created_at, updated_at) VALUES (?, ?, ?, 'builtin', 'r1', 'READY', 1, 1, 1)`)
    .run(recordingId, id, sessionId);
  database.close();
  const query = `query ($m: ID!, $s: ID!, $r: ID!) {
    meeting(id: $m) { id } session(id: $s) { id } recording(id: $r) { session { id } } meetings { nodes { id } } }`;
  const variables = { m: meetingId, s: sessionId, r: recordingId };
  expect(await ask(gateway, query, variables, { key })).toEqual({
    meeting: { id: meetingId },
    session: { id: sessionId },
    recording: { session: { id: sessionId } },
    meetings: { nodes: [{ id: meetingId }] },
  });
  const nothing = { meeting: null, session: null, recording: null, meetings: { nodes: [] } };
  expect(await ask(gateway, query, variables)).toEqual(nothing);
});
