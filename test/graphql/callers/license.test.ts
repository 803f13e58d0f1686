import { expect, test } from "vitest";
import { revokeLicense } from "../../../src/domain/license/revoke-license.js";
import { updateLicense } from "../../../src/domain/license/update-license.js";
import type { LicenseId } from "../../../src/storage/index.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { ask, mutate, newMeeting, start } from "../ask.js";
import { RawSocket } from "../live/clients.js";

const fields = "meetingRooms { used remaining limit } runningSessions { used remaining limit } maxAttendance";

/** `used/limit, remaining` of both. */
async function quotas(gateway: Gateway, key: string) {
  const { license } = await ask(gateway, `{ license { ${fields} } }`, {}, { key });
  const { meetingRooms, runningSessions } = license;
  return [meetingRooms, runningSessions].map(({ used, limit, remaining }) => `${used}/${limit}, ${remaining}`);
}

test("quotas: what is used, allowed and left, after every step of meetings' lives", async () => {
  const gateway = await boot();
  const { id, key } = await gateway.license({ maxMeetings: 2, maxRunning: 1, maxAttendance: 7 });
  const call = { key };
  // Another license's are not counted.
  await start(gateway, await newMeeting(gateway));
  expect(await quotas(gateway, key)).toEqual(["0/2, 2", "0/1, 1"]);
  const one = await newMeeting(gateway, {}, call);
  const two = await newMeeting(gateway, {}, call);
  expect(await quotas(gateway, key)).toEqual(["2/2, 0", "0/1, 1"]);
  await mutate(gateway, "createMeeting", {}, call);
  await start(gateway, one, {}, call);
  await mutate(gateway, "startMeeting", { meetingId: two, moderatorName: "m" }, call);
  expect(await quotas(gateway, key)).toEqual(["2/2, 0", "1/1, 0"]);

  const lower = { maxMeetings: 1, maxRunning: 0 };
  await updateLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, lower);
  expect(await quotas(gateway, key)).toEqual(["2/1, 0", "1/0, 0"]);
  await mutate(gateway, "endMeeting", { meetingId: one }, call);
  await mutate(gateway, "deleteMeeting", { meetingId: one }, call);
  await mutate(gateway, "deleteMeeting", { meetingId: two }, call);
  expect(await quotas(gateway, key)).toEqual(["0/1, 1", "0/0, 0"]);

  expect(await quotas(gateway, gateway.key)).toEqual(["1/null, null", "1/null, null"]);
  expect((await ask(gateway, `{ license { ${fields} } }`, {}, call)).license.maxAttendance).toBe(7);
});

/** A socket that stays, and what it is answered. */
async function lineOf(gateway: Gateway, license: string) {
  const socket = new RawSocket(gateway);
  await socket.say({ type: "connection_init", payload: { license } });
  await socket.frame("connection_ack");
  let asked = 0;
  return async (query: string) => {
    asked += 1;
    await socket.say({ id: String(asked), type: "subscribe", payload: { query } });
    const { type, payload } = await Promise.race([
      socket.frame("next", String(asked)),
      socket.frame("error", String(asked)),
    ]);
    return type === "next" ? payload.data : payload[0].extensions.code;
  };
}

// Expiry and revocation close a line within `liveCheck`; here they must be seen before that.
const patient = { timings: { liveCheck: 3_600_000 } };

test("over a socket that was opened long ago, quotas are those of this moment, also by the license's id, and its end is", async () => {
  const gateway = await boot(patient);
  const expiresAt = new Date(gateway.clock.now().getTime() + 60_000);
  const { id, key } = await gateway.license({ expiresAt });
  const line = await lineOf(gateway, key);
  const asked = `{ license { status ${fields} } node(id: "${id}") { ... on License { status ${fields} } } }`;
  const both = (status: string, used: number) => {
    const now = { status, meetingRooms: { used, remaining: null, limit: null } };
    return { license: now, node: now };
  };
  expect(await line(asked)).toMatchObject(both("ACTIVE", 0));
  await newMeeting(gateway, {}, { key });
  expect(await line(asked)).toMatchObject(both("ACTIVE", 1));
  gateway.clock.forward(60_000);
  expect(await line(asked)).toBe("LICENSE_EXPIRED");
  await revokeLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { endSessions: false });
  expect(await line(asked)).toBe("LICENSE_REVOKED");
});
