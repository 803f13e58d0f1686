import { describe, expect, test, vi } from "vitest";
import { boot, type Gateway } from "../helpers/boot.js";
import { houses } from "../helpers/houses.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { openBeside } from "../helpers/beside.js";

async function used(gateway: Gateway, key = gateway.key): Promise<number> {
  const { body } = await gateway.graphql("{ license { runningSessions { used } } }", {}, { key });
  return body.data.license.runningSessions.used;
}
const end = (gateway: Gateway, id: string) => gateway.v1(`end_meeting?meeting_id=${id}`);

describe.each(Object.entries(houses))("%s", (_name, made) => {
  test("sessions-2: a start that the engine fails: 502, EngineError, no session left open, and it can be started again", async () => {
    const house = await made();
    const gateway = await boot(house.options);
    const meetingId = await createMeeting(gateway);
    house.fail("openRoom");
    const body = { meeting_id: meetingId, moderator_name: "m" };
    expect((await gateway.v1("start_meeting", { method: "POST", body })).status).toBe(502);
    house.fail("openRoom", "for good");
    const mutation = `mutation { startMeeting(input: {meetingId: "${meetingId}", moderatorName: "m"}) { ... on EngineError { code retryable } } }`;
    const { data } = (await gateway.graphql(mutation)).body;
    expect(data.startMeeting).toEqual({ code: "ENGINE_FAILED", retryable: false });
    expect(await used(gateway)).toBe(0);
    house.mend("openRoom");
    await startMeeting(gateway, meetingId);
    const sessions = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
    expect(sessions.map((row: { status: boolean }) => row.status)).toEqual([false, false, true]);
    expect(await used(gateway)).toBe(1);
  });

  test("an end that the engine fails: it runs on, people stay, and it can be ended again", async () => {
    const house = await made();
    const gateway = await boot(house.options);
    const meetingId = await createMeeting(gateway);
    const link = await startMeeting(gateway, meetingId);
    await house.enter(gateway, link);
    house.fail("closeRoom");
    expect((await end(gateway, meetingId)).status).toBe(502);
    expect(house.isInside(link)).toBe(true);
    await joinMeeting(gateway, meetingId, "late");
    house.mend("closeRoom");
    expect((await end(gateway, meetingId)).status).toBe(200);
    expect(await used(gateway)).toBe(0);
  });

  test("a slow engine: a start, an end and a join that cross each other leave nothing half open", async () => {
    const house = await made();
    house.slow("openRoom", 150);
    house.slow("closeRoom", 150);
    const gateway = await boot(house.options);
    const meetingId = await createMeeting(gateway);
    const starting = startMeeting(gateway, meetingId);
    const joining = joinMeeting(gateway, meetingId, "v").catch(() => "refused");
    const ending = end(gateway, meetingId);
    await Promise.allSettled([starting, joining, ending]);
    await end(gateway, meetingId);
    expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(false);
    expect(await used(gateway)).toBe(0);
  });

  test("an engine that does not answer makes the server not ready, and says so", async () => {
    const house = await made();
    const gateway = await boot({ ...house.options, timings: { sweep: 20, engineCheck: 20 } });
    house.fail("check");
    const ready = () => fetch(`${gateway.url}/health/ready`);
    await vi.waitUntil(async () => (await ready()).status === 503);
    expect(await (await ready()).json()).toMatchObject({ status: "unavailable", failed: ["engine"] });
  });

  test("sessions a dead process left half opened have failed at the next start, half closed ones have ended", async () => {
    const { options } = await made();
    const gateway = await boot(options);
    const [opening, closing] = [await createMeeting(gateway), await createMeeting(gateway)];
    for (const id of [opening, closing]) await startMeeting(gateway, id);
    await gateway.stop();
    const db = openBeside(gateway);
    db.prepare("UPDATE sessions SET status = 'STARTING' WHERE meeting_id = ?").run(opening);
    db.prepare("UPDATE sessions SET status = 'ENDING' WHERE meeting_id = ?").run(closing);
    db.close();
    const next = await boot({ ...options, folder: gateway.folder });
    const statusOf = async (id: string) => {
      const { body } = await next.v1(`list_sessions?meeting_id=${id}`, { key: gateway.key });
      return [body.data[0].status, body.data[0].session_end_time !== null];
    };
    expect([await statusOf(opening), await statusOf(closing)]).toEqual([
      [false, true],
      [true, true],
    ]);
    expect(await used(next, gateway.key)).toBe(0);
  });
});
