import { v7 as newId } from "uuid";
import { describe, expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { settingList } from "../../src/domain/settings.js";
import { houses } from "../helpers/houses.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { attendances, until } from "../room/rows.js";

const allOff = Object.fromEntries(settingList.map(({ name }) => [name, false]));

describe.each(Object.entries(houses))("%s", (name, made) => {
  test("who enters is in the attendance, once; who leaves and comes back has two stays; the end sends everyone out", async () => {
    const house = await made();
    const gateway = await boot(house.options);
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId);
    const viewer = await joinMeeting(gateway, meetingId, "سارة O'Brien");
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
      ["سارة O'Brien", null, 2],
    ]);
    expect((await gateway.v1(`end_meeting?meeting_id=${meetingId}`)).status).toBe(200);
    await until(() => !house.isInside(link) && !house.isInside(viewer), "an empty room");
    const [row] = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
    const gone = await attendances(gateway, sessionOf(link));
    expect(gone.map(({ leftAt }) => leftAt)).toEqual([row.session_end_time, row.session_end_time]);
    expect([await house.enter(gateway, viewer), (await fetch(viewer)).status]).toEqual([410, 410]);
  });

  test("limit-3, link-3: a full room and a changed link let nobody in", async () => {
    const house = await made();
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

  test("every call may be repeated; a room that is not there counts as closed", async () => {
    const house = await made();
    const gateway = await boot(house.options);
    const engine = gateway.opened.services.engineOf({ engine: name });
    expect(engine.name).toBe(name);
    const sessionId = newId();
    const room = {
      sessionId,
      meetingId: "m",
      licenseId: "l",
      title: null,
      welcome: null,
      logoutUrl: null,
      settings: allOff,
      maxAttendance: 3,
      engineRoomId: null,
    };
    const ids = [await engine.openRoom(room), await engine.openRoom(room)];
    expect(ids[0]).toEqual(ids[1]);
    for (const id of [sessionId, sessionId, newId()]) await engine.closeRoom(id, "API");
    await engine.check();
  });

  test("a session runs on over a restart of the gateway, and its links lead where they led", async () => {
    const house = await made();
    const before = await boot(house.options);
    const link = await startMeeting(before, await createMeeting(before));
    await before.stop();
    const env = { ...house.options.env, PORT: new URL(before.url).port };
    const after = await boot({ ...house.options, folder: before.folder, env });
    expect(await house.enter(after, link)).toBe(200);
    expect(await attendances(after, sessionOf(link), before.key)).toHaveLength(1);
  });
});
