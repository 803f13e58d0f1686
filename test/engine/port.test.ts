import { expect, test } from "vitest";
import { boot, type BootOptions, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { testEngine } from "../helpers/test-engine.js";
import { attendances, until } from "../room/rows.js";

interface House {
  name: string;
  options: BootOptions;
  /** Enters with a link as a visitor of this engine does: the status it came to. */
  enter(gateway: Gateway, link: string): Promise<number>;
  leave(link: string): Promise<void>;
  /** Whether someone with this link is in the engine's room. */
  isInside(link: string): boolean;
}

/** A program with a socket for each person. */
function builtin(): House {
  const sockets = new Map<string, ReturnType<Gateway["socket"]>>();
  const statuses: Record<string, number> = { LINK_TAMPERED: 403, SESSION_OVER: 410, ATTENDANCE_LIMIT_REACHED: 409 };
  return {
    name: "builtin",
    options: {},
    async enter(gateway, link) {
      const socket = gateway.socket();
      const answer = await socket.enter(link);
      if (answer.type === "entered") sockets.set(link, socket);
      return answer.type === "entered" ? 200 : (statuses[answer.code] ?? 0);
    },
    async leave(link) {
      await sockets.get(link)?.say({ type: "leave" });
      await sockets.get(link)?.closing();
    },
    isInside: (link) => sockets.has(link) && sockets.get(link)?.closed === undefined,
  };
}

function elsewhere(): House {
  const engine = testEngine();
  const person = (link: string) => new URL(link).searchParams.get("personID") ?? "";
  return {
    name: "test",
    options: engine.first,
    enter: (_gateway, link) => engine.enter(link),
    leave: (link) => engine.leave(link),
    isInside: (link) => engine.rooms.get(sessionOf(link))?.inside.has(person(link)) ?? false,
  };
}

for (const made of [builtin, elsewhere]) {
  const { name } = made();

  test(`${name}: who enters is in the attendance, once; who leaves and comes back has two stays; the end sends everyone out`, async () => {
    const house = made();
    const gateway = await boot(house.options);
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId);
    const viewer = await joinMeeting(gateway, meetingId, "viewer");
    const session = await gateway.opened.services.storage.read.sessions.findAnyones(sessionOf(link));
    expect(session?.engine).toBe(name);
    expect((await fetch(link)).status).toBe(200);
    expect(await attendances(gateway, sessionOf(link))).toEqual([]);
    expect([await house.enter(gateway, link), await house.enter(gateway, viewer)]).toEqual([200, 200]);
    await house.leave(viewer);
    expect(await house.enter(gateway, viewer)).toBe(200);
    expect([house.isInside(link), house.isInside(viewer)]).toEqual([true, true]);
    const rows = await attendances(gateway, sessionOf(link));
    expect(rows.map(({ fullName, leftAt, stays }) => [fullName, leftAt, stays.length])).toEqual([
      ["mod1", null, 1],
      ["viewer", null, 2],
    ]);
    expect((await gateway.v1(`end_meeting?meeting_id=${meetingId}`)).status).toBe(200);
    await until(() => !house.isInside(link) && !house.isInside(viewer), "an empty room");
    const [row] = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
    const gone = await attendances(gateway, sessionOf(link));
    expect(gone.map(({ leftAt }) => leftAt)).toEqual([row.session_end_time, row.session_end_time]);
    expect([await house.enter(gateway, viewer), (await fetch(viewer)).status]).toEqual([410, 410]);
  });

  test(`${name}: limit-3, link-3: a full room and a changed link let nobody in`, async () => {
    const house = made();
    const gateway = await boot(house.options);
    const { key } = await gateway.license({ maxAttendance: 1 });
    const meetingId = await createMeeting(gateway, {}, { key });
    const link = await startMeeting(gateway, meetingId, {}, { key });
    const late = await joinMeeting(gateway, meetingId, "late", {}, { key });
    expect([await house.enter(gateway, link), await house.enter(gateway, late)]).toEqual([200, 409]);
    expect(await house.enter(gateway, late.replace("late", "early"))).toBe(403);
    expect(await house.enter(gateway, link)).toBe(200);
    await house.leave(link);
    expect(await house.enter(gateway, late)).toBe(200);
  });

  test(`${name}: every call may be repeated; a room that is not there counts as closed`, async () => {
    const house = made();
    const gateway = await boot(house.options);
    const { engineOf } = gateway.opened.services;
    const engine = engineOf({ engine: null });
    expect(engine.name).toBe(name);
    const room = {
      sessionId: "s",
      meetingId: "m",
      title: null,
      welcome: null,
      logoutUrl: null,
      settings: {},
      maxAttendance: 3,
      engineRoomId: null,
    };
    const ids = [await engine.openRoom(room), await engine.openRoom(room)];
    expect(ids[0]).toEqual(ids[1]);
    for (const id of ["s", "s", "nowhere"]) await engine.closeRoom(id, "API");
    await engine.check();
  });

  test(`${name}: a session runs on over a restart of the gateway, and its links lead where they led`, async () => {
    const house = made();
    const before = await boot(house.options);
    const meetingId = await createMeeting(before);
    const link = await startMeeting(before, meetingId);
    await before.stop();
    const after = await boot({ ...house.options, folder: before.folder, env: { PORT: new URL(before.url).port } });
    expect(await house.enter(after, link)).toBe(200);
    expect(await attendances(after, sessionOf(link), before.key)).toHaveLength(1);
  });
}
