import { readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { engineKinds } from "../../src/engine/index.js";
import { catalogueFolder } from "../../src/messages/index.js";
import { boot, type Gateway, RoomClient } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { raw } from "../v1/calls.js";
import { openBeside } from "../helpers/beside.js";

async function withoutPasswords(gateway: Gateway): Promise<string> {
  const meetingId = await createMeeting(gateway);
  await startMeeting(gateway, meetingId);
  return meetingId;
}

test("language-3: page, refusals and socket speak the browser's language, and Arabic where it asks for none we speak", async () => {
  const gateway = await boot();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const cases = [
    ["", "ar", "rtl"],
    ["fr", "ar", "rtl"],
    ["en-GB, ar;q=0.5", "en", "ltr"],
  ] as const;
  for (const [header, language, direction] of cases) {
    const sentences = JSON.parse(readFileSync(`${catalogueFolder}/${language}.json`, "utf8"));
    const headers = { "accept-language": header };
    const shown: [url: string, sentence: string][] = [
      [link, sentences["page.enter"]],
      [link.replace("role=moderator", "role=x"), sentences["page.refused.LINK_TAMPERED.heading"]],
    ];
    for (const [url, sentence] of shown) {
      const { text } = await raw(gateway, "GET", url.slice(gateway.url.length), { headers });
      expect(text).toContain(`<html lang="${language}" dir="${direction}">`);
      expect(text).toContain(sentence);
    }
    const client = new RoomClient(gateway.url, headers);
    await client.say("hello");
    expect((await client.frame("refused")).message).toBe(sentences["room.notTheProtocol"]);
    const outside = await raw(gateway, "GET", "/nowhere", { headers });
    expect(outside.body).toEqual({ error: sentences["error.notFound"] });
  }
});

test("enter-2: who can't be stored is told nothing but to come back later, and nobody hears of them", async () => {
  const gateway = await boot();
  const meetingId = await withoutPasswords(gateway);
  const watcher = gateway.socket();
  await watcher.enter(await joinMeeting(gateway, meetingId, "watcher"));
  const link = await joinMeeting(gateway, meetingId, "viewer");
  const other = openBeside(gateway);
  other.exec("BEGIN IMMEDIATE");
  const client = gateway.socket();
  await client.say({ type: "enter", link: link.slice(link.indexOf("?") + 1) });
  expect((await client.closing()).code).toBe(1013);
  other.exec("ROLLBACK");
  other.close();
  expect(client.frames).toEqual([]);
  expect(watcher.frames.map(({ type }) => type)).toEqual(["entered"]);
  expect((await gateway.socket().enter(link)).people).toHaveLength(2);
});

test("enter-2: by the time the entrance is answered it is stored, for another process too", async () => {
  const stored: unknown[] = [];
  let beside: Sqlite.Database | undefined;
  const gateway = await boot({
    openEngine(setting) {
      const joined: typeof setting.reports.joined = async (arrival) => {
        const outcome = await setting.reports.joined(arrival);
        stored.push(beside?.prepare("SELECT full_name FROM attendances").pluck().all());
        return outcome;
      };
      return engineKinds.builtin.open({ ...setting, reports: { ...setting.reports, joined } });
    },
  });
  beside = openBeside(gateway);
  const link = await joinMeeting(gateway, await withoutPasswords(gateway), "viewer");
  expect((await gateway.socket().enter(link)).type).toBe("entered");
  expect(stored).toEqual([["viewer"]]);
  beside.close();
});

test("limit-3, enter-2: when it is full a moderator gets neither a link nor in; who leaves makes room for both", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxAttendance: 1 });
  const meetingId = await createMeeting(gateway, {}, { key });
  const first = await startMeeting(gateway, meetingId, {}, { key });
  const waiting = await joinMeeting(gateway, meetingId, "waits", { role: "moderator" }, { key });
  const inside = gateway.socket();
  await inside.enter(first);
  const asked = async () => {
    const join = { meeting_id: meetingId, fullname: "A", role: "moderator" };
    const start = { meeting_id: meetingId, moderator_name: "A" };
    const answers = [
      await gateway.v1("join_meeting", { method: "POST", body: join, key }),
      await gateway.v1("start_meeting", { method: "POST", body: start, key }),
    ];
    return answers.map(({ status }) => status);
  };
  expect(await asked()).toEqual([400, 400]);
  const late = gateway.socket();
  expect((await late.enter(waiting)).code).toBe("ATTENDANCE_LIMIT_REACHED");
  expect((await late.closing()).code).toBe(4409);
  await inside.say({ type: "leave" });
  await inside.closing();
  expect(await asked()).toEqual([200, 200]);
  expect((await gateway.socket().enter(waiting)).people).toHaveLength(1);
});

test("limit-3: fifty at once never exceed the maximum; who comes back is not counted twice", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxAttendance: 7 });
  const meetingId = await createMeeting(gateway, {}, { key });
  const first = await startMeeting(gateway, meetingId, {}, { key });
  const links = await Promise.all(
    Array.from({ length: 49 }, (_, index) => joinMeeting(gateway, meetingId, `p${index}`, {}, { key })),
  );
  const outcomes = await Promise.all([first, ...links].map((link) => gateway.socket().enter(link)));
  const inside = outcomes.filter(({ type }) => type === "entered");
  expect(inside).toHaveLength(7);
  expect(Math.max(...inside.map(({ people }) => people.length))).toBe(7);
  const again = links[outcomes.slice(1).findIndex(({ type }) => type === "entered")] ?? "";
  expect((await gateway.socket().enter(again)).people).toHaveLength(7);
});
