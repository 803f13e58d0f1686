import { expect, test } from "vitest";
import { updateLicense } from "../../src/domain/license/update-license.js";
import type { LicenseId } from "../../src/storage/index.js";
import { boot, type BootOptions, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import type { RoomClient } from "../helpers/room-client.js";

/** A room for one with a moderator in it, and the links of so many others. */
async function fullRoom(others: number, options: BootOptions = {}) {
  const gateway = await boot(options);
  const { id, key } = await gateway.license({ maxAttendance: 1 });
  const meetingId = await createMeeting(gateway, {}, { key });
  const link = await startMeeting(gateway, meetingId, {}, { key });
  const links: string[] = [];
  for (let nth = 0; nth < others; nth++) {
    links.push(await joinMeeting(gateway, meetingId, `no ${nth}`, {}, { key }));
  }
  const inside = gateway.socket();
  await inside.enter(link);
  return { gateway, meetingId, id, key, inside, link, links };
}

const waits = async (gateway: Gateway, link: string): Promise<RoomClient> => {
  const client = gateway.socket();
  await client.say({ type: "enter", link: link.slice(link.indexOf("?") + 1), wait: true });
  return client;
};
const place = (client: RoomClient, at: number) =>
  client.until(({ type, place: told }) => type === "waiting" && told === at);

test("who waits is told their place and enters by themselves, in the order of coming; nobody who comes later goes before", async () => {
  const { gateway, inside, links } = await fullRoom(4);
  const [a = "", b = "", c = "", d = ""] = links;
  const first = await waits(gateway, a);
  await place(first, 1);
  const second = await waits(gateway, b);
  await place(second, 2);
  const third = await waits(gateway, c);
  await place(third, 3);
  await third.say({ type: "chat", body: "hello?" });
  await second.say({ type: "leave" });
  expect((await second.closing()).code).toBe(1000);
  await place(third, 2);

  const impatient = gateway.socket();
  await inside.say({ type: "leave" });
  expect((await first.frame("entered")).people).toHaveLength(1);
  expect((await impatient.enter(d)).code).toBe("ATTENDANCE_LIMIT_REACHED");
  expect((await impatient.closing()).code).toBe(4409);
  await place(third, 1);
  await first.say({ type: "leave" });
  expect((await third.frame("entered")).person.name).toBe("no 2");
  expect(third.frames.map(({ type }) => type)).toEqual(["waiting", "waiting", "waiting", "entered"]);
});

test("a place in line is held while its line is broken, and lost to nobody who came later; the end of the session tells those who wait", async () => {
  const { gateway, meetingId, key, inside, links } = await fullRoom(3);
  const [a = "", b = "", c = ""] = links;
  const first = await waits(gateway, a);
  await place(first, 1);
  const second = await waits(gateway, b);
  await place(second, 2);
  first.cut();
  await first.closing();
  const third = await waits(gateway, c);
  await place(third, 3);
  const again = await waits(gateway, a);
  await place(again, 1);
  const elsewhere = await waits(gateway, a);
  await place(elsewhere, 1);
  expect((await again.closing()).code).toBe(4001);
  await inside.say({ type: "leave" });
  await elsewhere.frame("entered");
  await place(second, 1);
  await gateway.v1(`end_meeting/?meeting_id=${meetingId}`, { key });
  expect(await second.frame("refused")).toMatchObject({ code: "SESSION_OVER", re: "enter" });
  expect([(await second.closing()).code, (await third.closing()).code]).toEqual([4410, 4410]);
});

test("who stands first and is away keeps nobody else out, and those who wait come back in line after a restart", async () => {
  const { gateway, inside, link, links } = await fullRoom(3);
  const [a = "", b = ""] = links;
  const away = await waits(gateway, a);
  await place(away, 1);
  const second = await waits(gateway, b);
  await place(second, 2);
  away.cut();
  await away.closing();
  await inside.say({ type: "leave" });
  await second.frame("entered");
  const back = await waits(gateway, a);
  await place(back, 1);
  await gateway.stop();
  expect((await back.closing()).code).toBe(1012);

  const next = await boot({ folder: gateway.folder });
  const waiting = await waits(next, a);
  await place(waiting, 1);
  const last = await waits(next, link);
  await place(last, 2);
  // Their place is held for them over the restart: they need not stand in line.
  const returned = next.socket();
  await returned.enter(b);
  await returned.say({ type: "leave" });
  await waiting.frame("entered");
  await place(last, 1);
});

test("who waits and comes in over another line finds the one that waited closed: it would wait for nothing", async () => {
  const { gateway, id, links } = await fullRoom(1);
  const [a = ""] = links;
  const waiting = await waits(gateway, a);
  await place(waiting, 1);
  await updateLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { maxAttendance: 2 });
  await gateway.socket().enter(a);
  expect((await waiting.closing()).code).toBe(4001);
  expect(waiting.frames.filter(({ type }) => type === "entered")).toEqual([]);
});
