import { expect, onTestFinished, test } from "vitest";
import { boot, RoomClient, temporaryFolder } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { program } from "./program.js";
import { openBeside } from "../helpers/beside.js";

test("drain-1, link-3: after kill -9 what was acknowledged is there, rooms are open again, and everyone has a leaving time", async () => {
  const folder = temporaryFolder();
  const first = await program(folder);
  const meetingId = await createMeeting(first.gateway, { title: "kept" });
  const link = await startMeeting(first.gateway, meetingId);
  const viewerLink = await joinMeeting(first.gateway, meetingId, "viewer");
  const expelledLink = await joinMeeting(first.gateway, meetingId, "expelled");
  const [moderating, , expelled] = [0, 1, 2].map(() => new RoomClient(first.url)) as [
    RoomClient,
    RoomClient,
    RoomClient,
  ];
  await moderating.enter(link);
  await new RoomClient(first.url).enter(viewerLink);
  await moderating.say({ type: "remove", person: (await expelled.enter(expelledLink)).person.id });
  expect((await expelled.closing()).code).toBe(4002);
  const notes = await new NotesClient(moderating).open();
  await notes.write("minutes");
  await moderating.frame("notes-kept");
  const last = await createMeeting(first.gateway, { title: "just acknowledged" });
  first.child.kill("SIGKILL");
  await first.ended;
  const died = Date.now();

  const secret = { SECRET_KEY: "0123456789abcdef0123456789abcdef" };
  // Among several servers it is the room's home that is missed first, for three beats, and then the person.
  const timings = { recover: 3_000, heartbeat: 500, hold: 8_000 };
  const next = await boot({ folder, env: secret, timings });
  const meetings = await next.v1("list_meetings", { key: first.key });
  expect(meetings.body.data.map((row: Record<string, unknown>) => [row["meeting_id"], row["is_running"]])).toEqual([
    [meetingId, true],
    [last, false],
  ]);
  expect((await next.socket().enter(expelledLink)).code).toBe("REMOVED");
  const back = next.socket();
  expect((await back.enter(link)).people).toHaveLength(2);
  expect((await back.frame("left")).person.name).toBe("viewer");
  await (await new NotesClient(back).open()).reads("minutes");
  const fields = "leftAt stays { nodes { source leftAt } }";
  const { body } = await next.graphql(
    `{ session(id: "${sessionOf(link)}") { attendances(first: 2) { nodes { ${fields} } } } }`,
    {},
    { key: first.key },
  );
  const [moderator, viewer] = body.data.session.attendances.nodes;
  expect([moderator.leftAt, moderator.stays.nodes.length]).toEqual([null, 1]);
  expect(viewer.stays.nodes).toEqual([{ source: "RECOVERED", leftAt: viewer.leftAt }]);
  expect(Date.parse(viewer.leftAt)).toBeLessThanOrEqual(died);
  expect(died - Date.parse(viewer.leftAt)).toBeLessThan(5_000);
});

test("killed in the midst of many writes at once: each that was acknowledged is there whole, and none is there in part", async () => {
  const folder = temporaryFolder();
  const { child, ended, gateway } = await program(folder);
  const acknowledged: string[] = [];
  const create = async (): Promise<void> => {
    acknowledged.push(await createMeeting(gateway));
    if (acknowledged.length === 150) child.kill("SIGKILL");
    await create();
  };
  await Promise.allSettled(Array.from({ length: 16 }, create));
  await ended;

  const database = openBeside({ folder });
  onTestFinished(() => void database.close());
  const column = (sql: string) => database.prepare(sql).pluck().all() as string[];
  const stored = column("SELECT id FROM meetings ORDER BY id");
  expect(acknowledged.length).toBeGreaterThanOrEqual(150);
  expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
  expect(column("SELECT meeting_id FROM events WHERE type = 'meeting.created' ORDER BY meeting_id")).toEqual(stored);
  expect(column("SELECT sum(meeting_count) FROM licenses")).toEqual([stored.length]);
});

test("link-5: a link, its password and the license key never reach the log", async () => {
  const gateway = await boot({ env: { LOG_LEVEL: "trace" } });
  const meetingId = await createMeeting(gateway, { moderator_password: "hunter2-modpwd" });
  const link = await startMeeting(gateway, meetingId, { moderator_password: "hunter2-modpwd" });
  await fetch(link);
  await fetch(link.replace("role", "rule"));
  await gateway.socket().enter(link);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  await gateway.stop();
  expect(gateway.log()).toContain("GET /api/join");
  for (const secret of ["hunter2", "checksum", "fullName", gateway.key])
    expect([secret, gateway.log().includes(secret)]).toEqual([secret, false]);
});
