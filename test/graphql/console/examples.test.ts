import { type DocumentNode, Kind, OperationTypeNode, parse, validate, visit } from "graphql";
import { expect, test } from "vitest";
import { openExamples } from "../../../src/graphql/door/console/examples.js";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { newMeeting, start } from "../ask.js";
import { followed, overSocket } from "../live/clients.js";

const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}/;

const collectionOf = (gateway: Gateway) => openExamples(gateway.opened.services, async () => gateway.demoKey);

async function page(gateway: Gateway, path: string): Promise<{ status: number; headers: Headers; text: string }> {
  const answer = await fetch(gateway.url + path, { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** What the page holds for Sandbox. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
const sandboxOf = (text: string): any =>
  JSON.parse(/<script type="application\/json" id="preset">(.*)<\/script>/.exec(text)?.[1] ?? "");

/** What the page gives to Sandbox. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
async function preset(gateway: Gateway, name: string): Promise<any> {
  const { status, text } = await page(gateway, `/graphql?example=${name}`);
  expect(status).toBe(200);
  return sandboxOf(text).options.initialState;
}

const isMutation = ({ definitions: [first] }: DocumentNode) =>
  first?.kind === Kind.OPERATION_DEFINITION && first.operation === OperationTypeNode.MUTATION;

/** The types it selects fields of, with the names of the fields. */
function fragmentsOf(document: DocumentNode): Map<string, string[]> {
  const found = new Map<string, string[]>();
  visit(document, {
    InlineFragment({ typeCondition, selectionSet: { selections } }) {
      const names = selections.flatMap((each) => (each.kind === Kind.FIELD ? [each.name.value] : []));
      found.set(typeCondition?.name.value ?? "", names);
    },
  });
  return found;
}

test("every example fits the schema, says what it is, and every mutation selects the errors it can have", async () => {
  const schema = buildGraph();
  const { list } = collectionOf(await boot());
  const titles = list.map(({ title }) => title);
  expect(list.map(({ name }) => name).join(" ")).toBe(
    "first-look create update list start join who-is-here end sessions recording hide-recording delete-recording settings change-settings delete listen token",
  );
  for (const { name, title, explanation, document, operation } of list) {
    const parsed = parse(document);
    expect([name, validate(schema, parsed)]).toEqual([name, []]);
    // The console's maker escapes hardly anything of what is filled in.
    expect([name, document]).toEqual([name, expect.not.stringMatching(/[<\\]/)]);
    expect(parse(operation, { noLocation: true })).toEqual(parse(document, { noLocation: true }));
    expect([name, title.length]).toEqual([name, expect.toSatisfy((length: number) => length > 5 && length < 40)]);
    expect([name, explanation]).toEqual([name, expect.stringMatching(/^[A-Z].{80,}\.$/)]);
    for (const [, named] of explanation.matchAll(/“([^”]+)”/g)) expect(titles).toContain(named);
    if (!isMutation(parsed)) continue;
    const fragments = fragmentsOf(parsed);
    expect([name, fragments.get("UserError")]).toEqual([name, ["code", "message"]]);
    const result = [...fragments.keys()].find((type) => type.endsWith("Success"));
    const union = schema.getType(result?.replace("Success", "Result") ?? "");
    const members = schema.getPossibleTypes(union as never).map((type) => type.name);
    expect([name, fragments.has("InvalidInputError")]).toEqual([name, members.includes("InvalidInputError")]);
  }
});

test("the whole life of a meeting: each example, run as the page fills it in, does what it says", async () => {
  const gateway = await boot();
  const run = async (name: string) => {
    const { document, variables, headers } = await preset(gateway, name);
    expect(headers).toEqual({ license: gateway.demoKey });
    const { status, body } = await gateway.graphql(document, variables, { method: "POST", key: headers.license });
    expect([name, status, body.errors]).toEqual([name, 200, undefined]);
    return Object.values(body.data)[0] as never;
  };
  const enter = async (joinUrl: string) =>
    expect(await gateway.socket().enter(joinUrl)).toMatchObject({ type: "entered" });

  expect(await run("first-look")).toMatchObject({ name: "Demo", meetingRooms: { used: 0 } });
  const { meeting } = await run("create");
  expect(meeting).toMatchObject({ title: "Algebra", settings: { record: false } });
  expect(await run("update")).toMatchObject({ meeting: { id: meeting["id"], settings: { record: true } } });
  expect(await run("list")).toMatchObject({ nodes: [{ id: meeting["id"], isRunning: false }] });
  const started = await run("start");
  expect(started).toMatchObject({ isNew: true, session: { status: "RUNNING" } });
  expect(await run("start")).toMatchObject({ isNew: false, session: started["session"] });
  await enter(started["joinUrl"]);
  await enter(((await run("join")) as { joinUrl: string }).joinUrl);
  expect(await run("who-is-here")).toMatchObject({
    status: "RUNNING",
    attendances: {
      nodes: [
        { fullName: "Ms. Noor", leftAt: null },
        { fullName: "John Doe", leftAt: null },
      ],
    },
  });
  expect(await run("delete")).toMatchObject({ code: "MEETING_ALREADY_RUNNING" });
  expect(await run("end")).toMatchObject({ session: { status: "ENDED" } });
  expect(await run("end")).toMatchObject({ code: "MEETING_NOT_RUNNING" });
  const people = {
    nodes: [
      { fullName: "Ms. Noor", stays: { nodes: [{}] } },
      { fullName: "John Doe", stays: { nodes: [{}] } },
    ],
  };
  expect(await run("sessions")).toMatchObject({ sessions: { nodes: [{ status: "ENDED", attendances: people }] } });
  expect(await run("recording")).toMatchObject({ settings: { record: true }, recording: null });
  for (const name of ["hide-recording", "delete-recording"]) {
    expect(await run(name)).toMatchObject({ code: "INVALID_INPUT" });
  }
  expect(await run("settings")).toMatchObject({ record: false, entries: { length: 10 } });
  expect(await run("change-settings")).toMatchObject({ settings: { record: true } });
  expect(await run("create")).toMatchObject({ meeting: { settings: { record: true } } });
  expect(await run("token")).toMatchObject({ scopes: ["EVENTS_READ", "MEETINGS_READ"] });
  const { document, variables } = await preset(gateway, "listen");
  const heard = overSocket(gateway, { license: gateway.demoKey ?? "" }, { query: document, variables });
  await followed(gateway, 1);
  await enter(((await run("start")) as { joinUrl: string }).joinUrl);
  const { id, attendance } = (await heard.next()).data.attendanceJoined;
  expect(attendance).toMatchObject({ fullName: "Ms. Noor" });
  heard.stop();
  await enter(((await run("join")) as { joinUrl: string }).joinUrl);
  const anew = { query: document, variables: { ...variables, after: id } };
  const since = overSocket(gateway, { license: gateway.demoKey ?? "" }, anew);
  expect((await since.next()).data.attendanceJoined.attendance).toMatchObject({ fullName: "John Doe" });
  await run("end");
  await run("delete");
  expect(await run("delete")).toEqual({ deletedMeetingId: meeting["id"] });
  expect(await run("who-is-here")).toMatchObject({ status: "ENDED" });
});

test("the page holds the newest ids of the demo license and nobody else's, and says what to run while there are none", async () => {
  const gateway = await boot();
  const { demoKey: key = null } = gateway;
  const other = await newMeeting(gateway);
  await start(gateway, other);
  const variables = async (name: string) => (await preset(gateway, name)).variables;
  expect((await variables("start")).input.meetingId).toBe("run “Create a meeting” first");
  expect((await variables("who-is-here")).sessionId).toBe("run “Start the meeting” first");
  await newMeeting(gateway, {}, { key });
  const newest = await newMeeting(gateway, {}, { key });
  const { sessionId } = await start(gateway, newest, {}, { key });
  for (const { name } of collectionOf(gateway).list) {
    const ids = JSON.stringify(await variables(name)).match(/[0-9a-f-]{36}/g) ?? [];
    expect([name, ids.every((id) => [newest, sessionId].includes(id))]).toEqual([name, true]);
    const { text } = await page(gateway, `/console/?example=${name}`);
    for (const id of [...ids, key ?? ""]) expect([name, text]).toEqual([name, expect.stringContaining(id)]);
  }
  expect((await variables("end")).input.meetingId).toBe(newest);
  expect((await variables("recording")).sessionId).toBe(sessionId);
});

test("an unknown example is the first one, nothing of the address comes back, and a query is still a query", async () => {
  const gateway = await boot();
  const hostile = ["nothing", "__proto__", "</script><script>hunter2()</script>", "start&example=end", "", "../start"];
  for (const name of hostile) {
    const asked = `example=${name.includes("&") ? name : encodeURIComponent(name)}`;
    const sandbox = await page(gateway, `/graphql?${asked}&hunter2=hunter2`);
    expect(sandbox.text).toContain("query FirstLook");
    expect(sandboxOf(sandbox.text).instead).toBe("/console/");
    const console = await page(gateway, `/console/?${asked}`);
    expect(console.text).toContain("query FirstLook");
    expect(sandbox.text + console.text).not.toMatch(/hunter2|start&|\.\.\/start/);
  }
  const { status, headers } = await page(
    gateway,
    `/graphql?example=start&query=${encodeURIComponent("{ __typename }")}`,
  );
  expect([status, headers.get("content-type")]).toEqual([400, expect.stringContaining("application/json")]);
  const asked = await fetch(`${gateway.url}/graphql?example=start`, {
    method: "POST",
    headers: { "content-type": "application/json", license: gateway.key, accept: "text/html,*/*" },
    body: JSON.stringify({ query: "{ license { name } }" }),
  });
  expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('"Test"')]);
});

test("without its maker's servers an example leads to the same one in the console, also below a path", async () => {
  const gateway = await boot({ env: { PUBLIC_URL: "https://meet.example.com/vc" } });
  for (const base of ["", "/vc"]) {
    const { text, headers } = await page(gateway, `${base}/graphql?example=start`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(sandboxOf(text)).toMatchObject({ instead: "/vc/console/?example=start", endpoint: "/vc/graphql" });
    const console = await page(gateway, `${base}/console/?example=start`);
    expect(console.text).toContain("mutation StartMeeting");
    expect(console.text).toContain("Ms. Noor");
    expect(console.text).toContain('<base href="/vc/console/">');
  }
});

test("/examples lists all of them in their order, each with two links that work and its text, without a script", async () => {
  const gateway = await boot();
  const { list } = collectionOf(gateway);
  const { status, headers, text } = await page(gateway, "/examples");
  expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(text).not.toMatch(/<script|vc_[\w-]{20}/);
  expect([...text.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, title]) => title)).toEqual(list.map(({ title }) => title));
  expect(text).toContain("{ field: CREATED_AT, direction: DESC }");
  expect(text).toContain("&quot;moderatorName&quot;: &quot;Ms. Noor&quot;");
  for (const { name } of list) {
    for (const path of [`graphql?example=${name}`, `console/?example=${name}`]) {
      expect(text).toContain(`href="${path}"`);
      expect([path, (await page(gateway, `/${path}`)).status]).toEqual([path, 200]);
    }
  }
  // First of all links of the landing page.
  expect(/href="([^":]+)">/.exec(/<body[\s\S]*/.exec((await page(gateway, "/")).text)?.[0] ?? "")?.[1]).toBe(
    "examples",
  );
});

test("production with SANDBOX=on has the examples without a key and without ids; without a console there are none", async () => {
  const open = await boot({ env: { ...production, SANDBOX: "on" } });
  await start(open, await newMeeting(open));
  const { document, variables, headers } = await preset(open, "start");
  expect(document).toContain("mutation StartMeeting");
  expect([variables.input.meetingId, headers.license]).toEqual(["the id of a meeting", "your license key"]);
  for (const { name } of collectionOf(open).list) {
    for (const path of [`/graphql?example=${name}`, `/console/?example=${name}`, "/examples"]) {
      const { status, text } = await page(open, path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toMatch(/vc_[\w-]{20}/);
      expect(text).not.toMatch(uuid);
    }
  }
  await open.stop();
  for (const env of [production, { SANDBOX: "off" }]) {
    const closed = await boot({ env });
    expect((await page(closed, "/examples")).status).toBe(404);
    expect((await page(closed, "/")).text).not.toContain("examples");
    expect((await page(closed, "/graphql?example=start")).text).not.toMatch(/Sandbox|StartMeeting/);
    await closed.stop();
  }
});
