import { expect, test } from "vitest";
import type { BootOptions, Gateway } from "../helpers/boot.js";
import { runTool } from "../cli/tool.js";
import { bootSeveral } from "./several.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { openRelay } from "../helpers/relay.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";

const fast = { heartbeat: 100, hold: 600, sweep: 100 };

/** A meeting that runs, with a moderator over one server and a guest over the other. */
async function oneRoomOverTwo(slower: BootOptions["timings"] = {}) {
  const { url, gateways } = await bootSeveral(2, { timings: { ...fast, ...slower } });
  const [one, other] = gateways as [Gateway, Gateway];
  const meetingId = await createMeeting(one);
  const link = await startMeeting(other, meetingId);
  const [moderator, guest] = [other.socket(), one.socket()];
  const { person: you } = await moderator.enter(link);
  const guestLink = await joinMeeting(one, meetingId, "Guest");
  const entered = await guest.enter(guestLink);
  return { url, one, other, meetingId, link, guestLink, moderator, guest, you, entered };
}

test("people of one room on two servers see each other, and what they write and show", async () => {
  const { moderator, guest, entered, you } = await oneRoomOverTwo();
  expect(entered.people.map(({ name }: { name: string }) => name)).toEqual(["mod1", "Guest"]);
  await moderator.until(({ type, person }) => type === "joined" && person.name === "Guest");
  await guest.say({ type: "chat", body: "hello", ref: "1" });
  await moderator.until(({ type, body }) => type === "chat" && body === "hello");
  await moderator.say({ type: "chat", body: "psst", to: entered.person.id });
  await guest.until(({ type, body, to }) => type === "chat" && body === "psst" && to.id === entered.person.id);
  await guest.say({ type: "hand", up: true });
  await moderator.until(({ type, up }) => type === "hand" && up);
  await guest.say({ type: "media", mic: true, cam: false, screen: false });
  await moderator.until(({ type, mic }) => type === "media" && mic);
  await moderator.say({ type: "media", mic: false, cam: false, screen: false });
  await moderator.say({ type: "signal", to: entered.person.id, call: "c", ask: "again" });
  await guest.until(({ type, from }) => type === "signal" && from === you.id);
  await guest.say({ type: "leave" });
  expect((await guest.closing()).code).toBe(1000);
  await moderator.until(({ type, person }) => type === "left" && person.name === "Guest");
});

test("what is changed over either server reaches the room: role, switches, removal, end", async () => {
  const { one, other, moderator, guest, entered, link, meetingId, guestLink } = await oneRoomOverTwo();
  const change = async (gateway: Gateway, text: string) => {
    const { body } = await gateway.graphql(`mutation { ${text} { __typename } }`);
    expect(body.errors).toBeUndefined();
  };
  for (const [gateway, role] of [
    [one, "MODERATOR"],
    [other, "VIEWER"],
  ] as const) {
    await change(gateway, `setPersonRole(input: { personId: "${entered.person.id}", role: ${role} })`);
    await moderator.until(({ type, person }) => type === "role" && person.role === role.toLowerCase());
  }
  await change(
    other,
    `updateSessionSettings(input: { sessionId: "${sessionOf(link)}", settings: { lockSettingsDisablePublicChat: true } })`,
  );
  await guest.until(({ type, settings }) => type === "settings" && settings.lockSettingsDisablePublicChat);
  await change(other, `removePerson(input: { personId: "${entered.person.id}" })`);
  expect((await guest.closing()).code).toBe(4002);
  const again = one.socket();
  expect((await again.enter(guestLink)).code).toBe("REMOVED");
  await other.v1(`end_meeting?meeting_id=${meetingId}`);
  expect((await moderator.closing()).code).toBe(4000);
});

test("the limit of a room and the line before it are one, whichever server people come to", async () => {
  const { gateways } = await bootSeveral(2, { timings: fast });
  const [one, other] = gateways as [Gateway, Gateway];
  const { key } = await one.license({ maxAttendance: 2 });
  const meetingId = await createMeeting(one, {}, { key });
  const link = await startMeeting(one, meetingId, {}, { key });
  const links = await Promise.all(["a", "b", "c"].map((name) => joinMeeting(other, meetingId, name, {}, { key })));
  const moderator = one.socket();
  await moderator.enter(link);
  const clients = links.map((_, index) => (index % 2 ? one : other).socket());
  const waits = await Promise.all(
    clients.map(async (client, index) => {
      const at = links[index] as string;
      await client.say({ type: "enter", link: at.slice(at.indexOf("?") + 1), wait: true });
      return (await client.until(({ type }) => type === "entered" || type === "waiting")).type;
    }),
  );
  expect(waits.toSorted()).toEqual(["entered", "waiting", "waiting"]);
  await moderator.say({ type: "leave" });
  await expect.poll(() => clients.filter(({ frames }) => frames.some(({ type }) => type === "entered")).length).toBe(2);
});

test("a server that is cut off from the database loses its rooms, is put right when it is back, and nobody is inside twice", async () => {
  const url = await postgresDatabase();
  const way = await openRelay(() => url.replace(/^postgres/, "http"));
  const far = new URL(url);
  far.port = new URL(way.url).port;
  // Who has missed three beats itself takes no room over: a busy machine must not make it miss them all the time.
  const timings = { ...fast, heartbeat: 300, hold: 1_800 };
  const { gateways } = await bootSeveral(2, { timings, urls: [far.href, url] });
  const [cutOff, other] = gateways as [Gateway, Gateway];
  const meetingId = await createMeeting(other);
  const link = await startMeeting(other, meetingId);
  const guestLink = await joinMeeting(other, meetingId, "Guest");
  const [moderator, guest] = [cutOff.socket(), other.socket()];
  await moderator.enter(link);
  await guest.enter(guestLink);
  way.cut();
  // Its own line to the room's server still stands; what it says there is not done any more.
  await expect
    .poll(
      async () => {
        await guest.say({ type: "hand", up: true });
        return guest.frames.some(({ type, code }) => type === "refused" && code === "NOT_STORED");
      },
      // Whoever says it more often is told that this is too fast.
      { interval: 250 },
    )
    .toBe(true);
  const back = other.socket();
  expect((await back.enter(link)).type).toBe("entered");
  const open =
    "SELECT full_name, count(*)::integer AS n FROM stays JOIN attendances ON attendances.id = attendance_id WHERE stays.left_at IS NULL GROUP BY 1";
  await expect.poll(() => askPostgres(url, open)).toEqual([{ full_name: "mod1", n: 1 }]);
  way.mend();
  expect((await guest.closing()).code).toBe(1012);
  const guestBack = other.socket();
  expect((await guestBack.enter(guestLink)).people).toHaveLength(2);
  expect(await askPostgres(url, `${open} ORDER BY 1`)).toEqual([
    { full_name: "Guest", n: 1 },
    { full_name: "mod1", n: 1 },
  ]);
  await expect.poll(async () => (await cutOff.v1("list_meetings")).status).toBe(200);
});

test("while the database is away from all servers nobody is taken for dead: lines stay, and all goes on when it is back", async () => {
  const url = await postgresDatabase();
  const way = await openRelay(() => url.replace(/^postgres/, "http"));
  const through = Object.assign(new URL(url), { port: new URL(way.url).port }).href;
  const { gateways } = await bootSeveral(2, { timings: fast, urls: [through, through] });
  const [one, other] = gateways as [Gateway, Gateway];
  const link = await startMeeting(one, await createMeeting(one));
  const guestLink = await joinMeeting(one, new URL(link).searchParams.get("meetingID") ?? "", "Guest");
  // Not the oldest one's room, which counts out for all.
  const [moderator, guest] = [other.socket(), one.socket()];
  await moderator.enter(link);
  await guest.enter(guestLink);
  way.cut();
  await expect.poll(async () => (await other.v1("list_meetings")).status).toBe(503);
  // Longer than a server is thought to live, and than places are held.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  way.mend();
  const heard = () => moderator.frames.some(({ type, up }) => type === "hand" && up);
  await expect.poll(async () => (await guest.say({ type: "hand", up: true }), heard()), { interval: 300 }).toBe(true);
  // By then whoever is missed would have been counted out.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect([moderator.closed, guest.closed]).toEqual([undefined, undefined]);
  const stays = "SELECT count(*)::integer AS n FROM stays WHERE left_at IS NULL";
  expect(await askPostgres(url, stays)).toEqual([{ n: 2 }]);
});

test("notes that are written over two servers are one text, kept once, and there when the room's server has ended", async () => {
  const { url, one, other, moderator, guest, link } = await oneRoomOverTwo({ keepNotes: 100 });
  const [mine, theirs] = [await new NotesClient(moderator).open(), await new NotesClient(guest).open()];
  await Promise.all([mine.write("minutes "), theirs.write("of today ")]);
  await expect.poll(() => mine.text.toJSON() === theirs.text.toJSON() && mine.text.length).toBe(17);
  await moderator.frame("notes-kept");
  expect(await askPostgres(url, "SELECT count(*)::integer AS n FROM notes")).toEqual([{ n: 1 }]);
  const written = theirs.text.toJSON();
  // The moderator came to the other server first: it is the room's home.
  await other.stop();
  expect((await guest.closing()).code).toBe(1012);
  const back = one.socket();
  expect((await back.enter(link)).people).toHaveLength(2);
  await (await new NotesClient(back).open()).reads(written);
});

test("of thirty who are removed at once over the other server each is out", async () => {
  const { one, other, meetingId, moderator } = await oneRoomOverTwo();
  const links = await Promise.all(Array.from({ length: 30 }, (_, nth) => joinMeeting(one, meetingId, `person ${nth}`)));
  const clients = links.map((_, nth) => (nth % 2 ? one : other).socket());
  const entered = await Promise.all(clients.map((client, nth) => client.enter(links[nth] as string)));
  const remove = (id: string) => one.graphql(`mutation { removePerson(input: { personId: "${id}" }) { __typename } }`);
  const answers = await Promise.all(entered.map(({ person }) => remove(person.id)));
  expect(answers.map(({ body }) => body.errors)).toEqual(answers.map(() => undefined));
  expect(await Promise.all(clients.map(async (client) => (await client.closing()).code))).toEqual(
    clients.map(() => 4002),
  );
  const left = () => new Set(moderator.frames.flatMap(({ type, person }) => (type === "left" ? [person.id] : []))).size;
  await expect.poll(left).toBe(30);
});

test("a session that the operator's tool ends is over in its room, whichever server runs it", async () => {
  const { url, one, moderator, guest, link } = await oneRoomOverTwo();
  const env = { DATABASE_URL: url, DATA_DIR: one.folder, LOG_LEVEL: "silent" };
  const { code, stderr } = await runTool(env, ["session", "end", sessionOf(link)]);
  expect([code, stderr]).toEqual([0, ""]);
  for (const client of [moderator, guest]) expect((await client.closing()).code).toBe(4000);
});
