import { enterRoom } from "../../src/domain/entering/enter-room.js";
import { personOfLink } from "../../src/domain/entering/join-link.js";
import { leaveRoom } from "../../src/domain/entering/leave-room.js";
import type { Services } from "../../src/domain/services.js";
import { settingList } from "../../src/domain/settings.js";
import type { Entered } from "../../src/engine/engine.js";
import type { Gateway, V1Call } from "./boot.js";

/** The ten settings as v1 takes them. */
export const tenSettings = (value = false) => settingList.map(({ v1 }) => ({ setting: v1, value }));

export async function createMeeting(gateway: Gateway, body: object = {}, call: V1Call = {}): Promise<string> {
  const answer = await gateway.v1("create_meeting/", {
    method: "POST",
    body: { meeting_setting: tenSettings(), ...body },
    ...call,
  });
  if (answer.status !== 201) throw new Error(`create_meeting: ${answer.text}`);
  return answer.body.data.meeting_id;
}

/** Starts it and gives the moderator's link. */
export async function startMeeting(
  gateway: Gateway,
  meetingId: string,
  body: object = {},
  call: V1Call = {},
): Promise<string> {
  const answer = await gateway.v1("start_meeting/", {
    method: "POST",
    body: { meeting_id: meetingId, moderator_name: "mod1", ...body },
    ...call,
  });
  if (answer.status !== 200) throw new Error(`start_meeting: ${answer.text}`);
  return answer.body.data.url;
}

/** A viewer's link. */
export async function joinMeeting(
  gateway: Gateway,
  meetingId: string,
  fullname: string,
  body: object = {},
  call: V1Call = {},
): Promise<string> {
  const answer = await gateway.v1("join_meeting/", {
    method: "POST",
    body: { meeting_id: meetingId, fullname, role: "viewer", ...body },
    ...call,
  });
  if (answer.status !== 200) throw new Error(`join_meeting: ${answer.text}`);
  return answer.body.data.url;
}

/** The session's id inside a join link. */
export const sessionOf = (joinUrl: string): string => new URL(joinUrl).searchParams.get("sessionID") ?? "";

/** Enters as the built-in room lets someone in, without its socket. */
export async function letIn(services: Services, joinUrl: string): Promise<Entered> {
  const link = services.links.verify(joinUrl.slice(joinUrl.indexOf("?") + 1));
  if (!link) throw new Error("not a link of ours");
  await services.homes.take(link.sessionID);
  return enterRoom(services, "builtin", { sessionId: link.sessionID, person: personOfLink(link), source: "LIVE" });
}

export const letOut = (services: Services, { person, room }: Entered, at: Date): Promise<void> =>
  leaveRoom(services, "builtin", { sessionId: room.sessionId, personId: person.id, at, source: "LIVE" });
