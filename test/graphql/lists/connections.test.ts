import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { ask, mutate, newMeeting, start } from "../ask.js";

interface Connection {
  edges: { cursor: string; node: { title: string } }[];
  nodes: { title: string }[];
  totalCount: number;
  pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
}
type Args = { first?: number; last?: number; after?: string | null; before?: string | null };

const shape = `edges { cursor node { title } } nodes { title } totalCount
  pageInfo { startCursor endCursor hasNextPage hasPreviousPage }`;
const byTitle = (direction = "ASC") => `query ($first: Int, $last: Int, $after: String, $before: String) {
  meetings(first: $first, last: $last, after: $after, before: $before,
    orderBy: { field: TITLE, direction: ${direction} }) { ${shape} } }`;

const page = async (gateway: Gateway, args: Args, direction?: string): Promise<Connection> =>
  (await ask(gateway, byTitle(direction), args)).meetings;
const titles = ({ nodes }: Connection) => nodes.map(({ title }) => title).join("");

async function withMeetings(letters: string) {
  const gateway = await boot();
  for (const title of letters) await newMeeting(gateway, { title });
  return gateway;
}

test("edges carry what nodes carry, and each edge's cursor leads on from that edge", async () => {
  const gateway = await withMeetings("abcde");
  const all = await page(gateway, {});
  expect(all.edges.map(({ node }) => node.title).join("")).toBe(titles(all));
  expect(all.pageInfo).toMatchObject({ startCursor: all.edges[0]?.cursor, endCursor: all.edges[4]?.cursor });
  expect(titles(await page(gateway, { after: all.edges[1]?.cursor ?? null }))).toBe("cde");
  expect(titles(await page(gateway, { before: all.edges[1]?.cursor ?? null }))).toBe("a");
});

test("forwards and backwards meet the same pages; in the middle both flags are true", async () => {
  const gateway = await withMeetings("abcdefg");
  const flags = ({ pageInfo }: Connection) => [pageInfo.hasPreviousPage, pageInfo.hasNextPage];
  for (const [direction, expected] of Object.entries({ ASC: ["ab", "cd", "ef", "g"], DESC: ["gf", "ed", "cb", "a"] })) {
    const walked: [string, boolean[]][] = [];
    for (let after: string | null = null; ; ) {
      const at: Connection = await page(gateway, { first: 2, after }, direction);
      walked.push([titles(at), flags(at)]);
      after = at.pageInfo.endCursor;
      if (!at.pageInfo.hasNextPage) break;
    }
    const sides = [[false, true], [true, true], [true, true], [true, false]]; // biome-ignore format: as a table
    expect(walked).toEqual(expected.map((letters, at) => [letters, sides[at]]));
  }
  const back: string[] = [];
  for (let before: string | null = null; ; ) {
    const at: Connection = await page(gateway, { last: 3, before });
    back.push(titles(at));
    before = at.pageInfo.startCursor;
    if (!at.pageInfo.hasPreviousPage) break;
  }
  expect(back).toEqual(["efg", "bcd", "a"]);
});

test("a window between two cursors: first counts from its start, last from its end, the flags look outside too", async () => {
  const gateway = await withMeetings("abcdefg");
  const { edges } = await page(gateway, {});
  const [after, before] = [edges[0]?.cursor ?? "", edges[5]?.cursor ?? ""];
  const look = async (args: Args) => {
    const at = await page(gateway, { after, before, ...args });
    return [titles(at), at.pageInfo.hasPreviousPage, at.pageInfo.hasNextPage];
  };
  expect(await look({ first: 2 })).toEqual(["bc", true, true]);
  expect(await look({ last: 2 })).toEqual(["de", true, true]);
  expect(await look({ first: 4 })).toEqual(["bcde", true, true]);
  expect(await look({ first: 4, after: before, before: after })).toEqual(["", true, true]);
});

test("first together with last, sizes and cursors out of bounds: all of it said at once, in the caller's language", async () => {
  const gateway = await boot();
  const variables = { first: 0, last: 101, after: "x", before: "y" };
  const body = { query: byTitle(), variables };
  const english = await gateway.graphql("", {}, { method: "POST", body, language: "en" });
  expect(english.body.errors).toEqual([
    {
      message: [
        "Give either first or last, not both.",
        "first must be between 1 and 100.",
        "last must be between 1 and 100.",
        "after is not a valid cursor.",
        "before is not a valid cursor.",
      ].join(" "),
      extensions: { code: "BAD_USER_INPUT", requestId: expect.any(String) },
      locations: expect.anything(),
      path: ["meetings"],
    },
  ]);
  const arabic = await gateway.graphql("", {}, { method: "POST", body, language: "ar" });
  expect(arabic.body.errors[0].message).toContain("أرسل first أو last");
});

test("totalCount counts what matches the filter over all pages, nested lists included", async () => {
  const gateway = await withMeetings("abc");
  expect((await page(gateway, { first: 1 })).totalCount).toBe(3);
  const meetingId = await newMeeting(gateway, { title: "d" });
  for (const title of ["one", "two"]) {
    await start(gateway, meetingId, { title });
    await mutate(gateway, "endMeeting", { meetingId });
  }
  await start(gateway, meetingId, { title: "three" });
  const query = `{ meetings(filter: { titleContains: "D" }) { totalCount nodes {
    sessions(first: 1) { totalCount } ended: sessions(filter: { status: [ENDED] }) { totalCount nodes { title } } } } }`;
  expect((await ask(gateway, query)).meetings).toEqual({
    totalCount: 1,
    nodes: [{ sessions: { totalCount: 3 }, ended: { totalCount: 2, nodes: [{ title: "two" }, { title: "one" }] } }],
  });
});

test("the longest cursor there is leads on: of a title whose every letter folds to eighteen", async () => {
  const gateway = await boot();
  for (const end of ["ﷺ", "a"]) await newMeeting(gateway, { title: `${"ﷺ".repeat(254)}${end}` });
  const first = await page(gateway, { first: 1 });
  expect(first.pageInfo.endCursor.length).toBeGreaterThan(10_000);
  const rest = await page(gateway, { after: first.pageInfo.endCursor });
  expect([rest.nodes.length, rest.pageInfo.hasPreviousPage]).toEqual([1, true]);
});

const orders = ["CREATED_AT", "TITLE"].flatMap((field) => ["ASC", "DESC"].map((direction) => ({ field, direction })));

test.each(orders)(
  "by $field $direction, rows that stay come once each while others come and go between the pages",
  async (order) => {
    const gateway = await boot();
    const ids = new Map<string, string>();
    for (const title of "bdfhjlnp") ids.set(title, await newMeeting(gateway, { title }));
    const query = `query ($after: String) { meetings(first: 2, after: $after,
    orderBy: { field: ${order.field}, direction: ${order.direction} }) { ${shape} } }`;
    const seen: string[] = [];
    const newcomers = ["a", "c", "e", "g"];
    const leavers = ["b", "h", "p"];
    for (let after: string | null = null; ; ) {
      const at: Connection = (await ask(gateway, query, { after })).meetings;
      seen.push(...at.nodes.map(({ title }) => title));
      after = at.pageInfo.endCursor;
      if (!at.pageInfo.hasNextPage) break;
      const [come, go] = [newcomers.pop(), leavers.pop()];
      if (come) await newMeeting(gateway, { title: come });
      if (go) await mutate(gateway, "deleteMeeting", { meetingId: ids.get(go) });
    }
    const stayed = seen.filter((title) => "dfjln".includes(title)).join("");
    expect(stayed).toBe(order.direction === "ASC" ? "dfjln" : "nljfd");
    expect(new Set(seen).size).toBe(seen.length);
  },
);

test("by UPDATED_AT a row that changes may come again, and no unchanged row is skipped", async () => {
  const gateway = await boot();
  const ids: string[] = [];
  for (const title of "abcdef") {
    ids.push(await newMeeting(gateway, { title }));
    gateway.clock.forward(1000);
  }
  const query = `query ($after: String) { meetings(first: 2, after: $after, orderBy: { field: UPDATED_AT }) { ${shape} } }`;
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const at: Connection = (await ask(gateway, query, { after })).meetings;
    seen.push(...at.nodes.map(({ title }) => title));
    after = at.pageInfo.endCursor;
    if (seen.length === 2) await mutate(gateway, "updateMeeting", { meetingId: ids[0], welcomeText: "x" });
    if (!at.pageInfo.hasNextPage) break;
  }
  expect(seen.join("")).toBe("abcdefa");
});
