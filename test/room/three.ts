import type { Gateway, RoomClient } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";

/** A name that turns what stands after it around. */
export const turningName = "Jane \u202eevil";

/** A moderator and two viewers, inside. */
export async function three(gateway: Gateway, body: object = {}) {
  const meetingId = await createMeeting(gateway, body);
  const links = {
    moderator: await startMeeting(gateway, meetingId),
    john: await joinMeeting(gateway, meetingId, "John"),
    jane: await joinMeeting(gateway, meetingId, turningName),
  };
  const [moderator, john, jane] = [gateway.socket(), gateway.socket(), gateway.socket()];
  const idOf = async (client: RoomClient, link: string): Promise<string> => (await client.enter(link)).person.id;
  const ids: Record<keyof typeof links, string> = {
    moderator: await idOf(moderator, links.moderator),
    john: await idOf(john, links.john),
    jane: await idOf(jane, links.jane),
  };
  return { meetingId, sessionId: sessionOf(links.moderator), links, moderator, john, jane, ids };
}
