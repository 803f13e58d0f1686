import { v7 as newId } from "uuid";
import { expect, onTestFinished, test } from "vitest";
import { explain } from "../../src/explain.js";
import { startServer } from "../../src/server.js";
import { runTool } from "../cli/tool.js";
import { run } from "../start/process.js";
import { ask } from "../graphql/ask.js";
import { boot, type BootOptions, temporaryFolder, testConfig } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";

const on = (url: string) => ({ DATABASE_URL: url, DATA_DIR: temporaryFolder(), LOG_LEVEL: "silent" });

async function gatewayOnPostgres(options: BootOptions = {}) {
  const url = await postgresDatabase();
  return { url, gateway: await boot({ ...options, env: { ...on(url), ...options.env } }) };
}

test("a meeting's whole life over v1 and in its room, and the graph beside it", async () => {
  const { gateway } = await gatewayOnPostgres();
  const meetingId = await createMeeting(gateway, { title: "Algebra" });
  const link = await startMeeting(gateway, meetingId);
  const [moderator, guest] = [gateway.socket(), gateway.socket()];
  await moderator.enter(link);
  await guest.enter(await joinMeeting(gateway, meetingId, "John Doe"));
  const query = `{ license { meetingRooms { used } } meetings(first: 5) { nodes { id title isRunning
    sessions(first: 1) { nodes { attendances(first: 5, orderBy: { field: FULL_NAME, direction: ASC }) { nodes { fullName leftAt } } } } } } }`;
  expect(await ask(gateway, query)).toEqual({
    license: { meetingRooms: { used: 1 } },
    meetings: {
      nodes: [
        {
          id: meetingId,
          title: "Algebra",
          isRunning: true,
          sessions: {
            nodes: [
              {
                attendances: {
                  nodes: [
                    { fullName: "John Doe", leftAt: null },
                    { fullName: "mod1", leftAt: null },
                  ],
                },
              },
            ],
          },
        },
      ],
    },
  });
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  await guest.closing();
  const attendance = await gateway.v1(`list_attendance?session_id=${sessionOf(link)}`);
  expect(attendance.body.data.map((row: { full_name: string }) => row.full_name)).toEqual(["mod1", "John Doe"]);
  const meetings = await gateway.v1("list_meetings");
  expect(meetings.body.data).toMatchObject([{ meeting_id: meetingId, is_running: false }]);
});

test("the tool makes a database, and a license on it that the running server knows; what it revokes is refused a moment later", async () => {
  const url = await postgresDatabase({ migrated: false });
  const env = on(url);
  const tool = async (...args: string[]) => {
    const { code, stdout, stderr } = await runTool(env, args);
    return code === 0 ? stdout : `${code}: ${stderr}`;
  };
  const lacking = /lacks \d+ of this version's migrations: run "vconnct migrate", then start again/;
  await expect(startServer(testConfig(temporaryFolder(), env))).rejects.toThrow(lacking);
  expect(await tool("license", "list")).toMatch(lacking);
  expect(await tool("migrate")).toMatch(/^The database is up to date: \d+ migrations were applied\.$/m);
  expect(await tool("migrate")).toMatch(/^The database is up to date\.$/m);
  const gateway = await boot({ env });
  const { key, id } = JSON.parse(await tool("license", "create", "--name", "School", "--json"));
  expect((await gateway.v1("list_meetings", { key })).status).toBe(200);
  await tool("license", "revoke", id);
  await expect.poll(async () => (await gateway.v1("list_meetings", { key })).status, { interval: 5 }).toBe(401);
  expect(await tool("backup", "x")).toContain("pg_dump");
});

test("several that bring a database up to date, and several that start, at the same time: each does, and none does anything twice", async () => {
  const url = await postgresDatabase({ migrated: false });
  const tools = await Promise.all([1, 2, 3].map(() => runTool(on(url), ["migrate"])));
  expect(tools.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(tools.filter(({ stdout }) => /\d+ migrations were applied/.test(stdout))).toHaveLength(1);
  const secret = { SECRET_KEY: "0123456789abcdef0123456789abcdef" };
  const config = () => testConfig(temporaryFolder(), { ...on(url), ...secret });
  const servers = await Promise.all([1, 2, 3].map(() => startServer(config())));
  expect(new Set(servers.map(({ demoKey }) => demoKey)).size).toBe(1);
  const living = await askPostgres(url, "SELECT count(DISTINCT address)::integer AS n FROM instances");
  expect(living).toEqual([{ n: 3 }]);
  await Promise.all(servers.map((server) => server.stop()));
  expect(await askPostgres(url, "SELECT count(*)::integer AS n FROM licenses")).toEqual([{ n: 1 }]);
});

test("a program on a database that lacks migrations says so in one line and ends with 1; told to, several at once bring it up to date and run", async () => {
  const url = await postgresDatabase({ migrated: false });
  const env = { ...on(url), SECRET_KEY: "0123456789abcdef0123456789abcdef", LOG_LEVEL: "info", PORT: "0" };
  const untold = run([process.execPath, "dist/main.js"], env);
  expect(await untold.ended).toEqual({ code: 1, signal: null });
  expect([untold.out(), untold.err()]).toEqual([
    "",
    expect.stringMatching(/^The database at .* "vconnct migrate".*\n$/),
  ]);
  const told = { ...env, DATABASE_MIGRATE: "on" };
  const programs = [1, 2].map(() => run([process.execPath, "dist/main.js"], told));
  const urls = await Promise.all(programs.map((program) => program.url()));
  for (const address of urls) expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  expect(programs.filter((program) => /\d+ migrations were applied/.test(program.out()))).toHaveLength(1);
  expect(programs.map((program) => program.err())).toEqual(["", ""]);
});

test("all connections cut off: what is asked then is 503 or right, nothing is half done, and it is back by itself", async () => {
  const { gateway, url } = await gatewayOnPostgres();
  const before = gateway.opened.services.storage.commitsElsewhere();
  const calls = Array.from({ length: 40 }, () =>
    createMeeting(gateway).then(
      () => 201,
      () => 503,
    ),
  );
  await askPostgres(
    url,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vconnct' AND datname = current_database()",
  );
  const statuses = await Promise.all(calls);
  await expect
    .poll(() =>
      createMeeting(gateway).then(
        () => 201,
        (error: Error) => error.message,
      ),
    )
    .toBe(201);
  const made = statuses.filter((status) => status === 201).length + 1;
  expect((await gateway.v1("list_meetings")).body.data).toHaveLength(made);
  // What may have been committed elsewhere meanwhile is looked for.
  expect(gateway.opened.services.storage.commitsElsewhere()).toBeGreaterThan(before);
});

test("a server that can't be reached, a database that is not there, one that takes nobody any more are said in one line each", async () => {
  const url = await postgresDatabase();
  const started = (address: string) =>
    runTool(on(address), ["license", "list"]).then(({ code, stderr }) => `${code}: ${stderr.trim()}`);
  const away = "error: The database can't be used; see DATABASE_URL: ";
  expect(await started("postgres://x:hunter2@127.0.0.1:1/vconnct")).toBe(`1: ${away}connect ECONNREFUSED 127.0.0.1:1`);
  expect(await started(url.replace(/[^/]+$/, "nowhere"))).toBe(`1: ${away}database "nowhere" does not exist`);
  const crowd = `crowd_${newId().slice(-12)}`;
  await askPostgres(url, `CREATE ROLE ${crowd} LOGIN PASSWORD 'secret' CONNECTION LIMIT 0`);
  onTestFinished(async () => void (await askPostgres(url, `DROP ROLE ${crowd}`)));
  const crowded = `The database can't be used; see DATABASE_URL: too many connections for role "${crowd}"`;
  const full = Object.assign(new URL(url), { username: crowd, password: "secret" }).href;
  expect(await started(full)).toBe(`1: error: ${crowded}`);
  const start = await startServer(testConfig(temporaryFolder(), on(full))).catch((error: unknown) => explain(error));
  expect(start).toBe(crowded);
});
