import { expect, test, vi } from "vitest";
import { answerOf, Answers } from "../../../src/v1/answers.js";
import { newToken } from "../../graphql/ask.js";
import { boot, type Gateway, ofFiles } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { quiet } from "../../helpers/rows.js";
import { rawLine, rawRequest } from "../../helpers/raw.js";
import { multiply, runningMeeting } from "../calls.js";

/** How many queries of any kind are run by this work. */
async function queriesBy({ opened }: Gateway, work: () => Promise<unknown>): Promise<number> {
  const groups = Object.values(opened.services.storage.read) as unknown as Record<string, () => unknown>[];
  const spies = groups.flatMap((group) => Object.keys(group).map((name) => vi.spyOn(group, name)));
  await work();
  const count = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  for (const spy of spies) spy.mockRestore();
  return count;
}

test("a read that is asked again reads nothing, not even the license, until something of that license is written", async () => {
  const gateway = await boot(quiet);
  const { meetingId, sessionId } = await runningMeeting(gateway);
  const other = await gateway.license();
  for (const path of [
    "list_meetings",
    `list_sessions?meeting_id=${meetingId}`,
    `list_attendance/?session_id=${sessionId}`,
    `list_setting?meeting_id=${meetingId}`,
    "list_general_meeting_setting",
  ]) {
    const ask = () => gateway.v1(path);
    const first = await ask();
    expect([first.status, await queriesBy(gateway, ask)]).toEqual([200, 0]);
    await createMeeting(gateway, {}, { key: other.key });
    expect([path, await queriesBy(gateway, ask)]).toEqual([path, 0]);
    await createMeeting(gateway);
    expect(await queriesBy(gateway, ask)).toBeGreaterThan(0);
  }
});

ofFiles(
  "the same polls that wait for a list's turn, after somebody else's long list, are read for the first and told to the others",
  async () => {
    const gateway = await boot(quiet);
    const other = await gateway.license();
    await createMeeting(gateway, {}, { key: other.key });
    multiply(gateway, "meetings", 999);
    await gateway.v1("list_general_meeting_setting", { key: other.key });
    await createMeeting(gateway);
    const ask = (license: string) => rawRequest("/api/v1/list_meetings", { headers: { license } });
    const lines = await Promise.all(Array.from({ length: 12 }, async () => rawLine(gateway.url)));
    // While lines come, requests are begun a few in a turn.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const lists = vi.spyOn(gateway.opened.services.storage.read.meetings, "list");
    // Written in one go, so that all of them are there when the server looks.
    lines.forEach((line, at) => line.write(ask(at === 0 ? other.key : gateway.key)));
    const statuses = await Promise.all(lines.map((line) => line.statuses(1)));
    expect(statuses.flat()).toEqual(lines.map(() => 200));
    // The second begins where the first has its rows, and no answer yet.
    expect(lists.mock.calls.length).toBeLessThanOrEqual(1 + 2);
  },
);

ofFiles("who has just written by its key is known to the next call without being read", async () => {
  const gateway = await boot(quiet);
  const create = () => createMeeting(gateway);
  await create();
  expect(await queriesBy(gateway, create)).toBe(0);
});

test("with ANSWER_CACHE_MB=0 each read is read anew", async () => {
  const gateway = await boot({ ...quiet, env: { ANSWER_CACHE_MB: "0" } });
  await gateway.v1("list_meetings");
  expect(await queriesBy(gateway, () => gateway.v1("list_meetings"))).toBeGreaterThan(0);
});

test("limit-1: expiry and revocation count on the very next call, however well a key, a token and an answer are known", async () => {
  const gateway = await boot();
  const { services } = gateway.opened;
  const expiresAt = new Date(gateway.clock.now().getTime() + 60_000);
  const [soon, revoked] = [await gateway.license({ expiresAt }), await gateway.license()];
  const list = async (key: string) => (await gateway.v1("list_meetings", { key })).status;
  const asked = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await gateway.graphql("{ meetings { totalCount } }", {}, { key: null, headers });
    return body.errors?.[0].extensions.code ?? "ok";
  };
  const tokenOf = async (key: string) => (await newToken(gateway, ["MEETINGS_READ"], {}, { key })).token;
  const [tokenOfSoon, tokenOfRevoked] = [await tokenOf(soon.key), await tokenOf(revoked.key)];
  const all = async () => [
    await list(soon.key),
    await asked(tokenOfSoon),
    await list(revoked.key),
    await asked(tokenOfRevoked),
  ];
  await all();
  expect(await all()).toEqual([200, "ok", 200, "ok"]);
  await services.storage.transaction((tx) => tx.licenses.revoke(revoked.id as never, services.clock.now()));
  expect(await all()).toEqual([200, "ok", 401, "LICENSE_REVOKED"]);
  gateway.clock.forward(60_000);
  expect(await all()).toEqual([401, "LICENSE_EXPIRED", 401, "LICENSE_REVOKED"]);
});

test("a token in a key's place, and a key in a token's, let nobody in, also where both are known", async () => {
  const gateway = await boot();
  const { token } = await newToken(gateway, ["MEETINGS_READ"]);
  const by = async (headers: Record<string, string>) =>
    (await gateway.graphql("{ meetings { totalCount } }", {}, { key: null, headers })).status;
  expect([await by({ license: gateway.key }), await by({ authorization: `Bearer ${token}` })]).toEqual([200, 200]);
  expect([await by({ license: token }), await by({ license: `token ${token}` })]).toEqual([401, 401]);
  expect(await by({ authorization: `Bearer ${gateway.key}` })).toBe(401);
  expect((await gateway.v1("list_meetings", { key: token })).status).toBe(401);
});

test("a request that is unusual is answered in its turn as if nothing were kept", async () => {
  const gateway = await boot();
  const { text } = await gateway.v1("list_meetings");
  const line = await rawLine(gateway.url);
  const ask = (headers: Record<string, string> = {}, more: { method?: string; body?: string } = {}) =>
    rawRequest("/api/v1/list_meetings", { headers: { license: gateway.key, ...headers }, ...more });
  const usual = [ask(), ask(), ask({ "Accept-Language": "en" }), ask({}, { method: "HEAD" })];
  const unusual = [
    ask({}, { body: "{}" }),
    ask({ expect: "anything" }),
    ask({ connection: "upgrade", upgrade: "h2c" }),
    ask({}, { method: "POST", body: "{}" }),
    ask({ license: "x" }),
  ];
  line.write([...usual, ...unusual, ...usual, ask({ "x-a": "b\r\nHost: y" })].join(""));
  const statuses = [...usual.map(() => 200), 200, 200, 200, 405, 401, ...usual.map(() => 200), 400];
  expect(await line.statuses(statuses.length)).toEqual(statuses);
  // In English, without a body or refused it is another one.
  const same = line.received().split(Buffer.from(text).toString("latin1")).length - 1;
  expect(same).toBe(2 + 3 + 2);
});

test("what is kept stays within its bytes, whoever asks for what", () => {
  const room = 1024 * 1024;
  const answers = new Answers(room);
  const license = { id: "01234567-89ab-7def-8123-456789abcdef" } as never;
  const answer = (bytes: number) => answerOf(200, ["x".repeat(bytes)], { language: "ar", route: "" });
  const asked = (at: number) => ({ originalUrl: `/api/v1/list_setting/?meeting_id=${at}`, language: "ar" });
  for (let at = 0; at < 200; at += 1) {
    answers.keep(license, asked(at), answer(10_000));
    expect(answers.size).toBeLessThanOrEqual(room);
  }
  expect(answers.size).toBeGreaterThan(room * 0.95);
  expect([answers.find(license, asked(0)), answers.find(license, asked(199))]).toEqual([
    undefined,
    expect.objectContaining(answer(10_000)),
  ]);
  answers.keep(license, asked(199), answer(room / 10));
  expect(answers.find(license, asked(199))).toBeUndefined();
});
