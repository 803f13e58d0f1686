import type { Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";

export const off = { mic: false, cam: false, screen: false };

/** A moderator and two viewers, inside, taking part in sound and picture. */
export async function room(gateway: Gateway) {
  const meetingId = await createMeeting(gateway);
  const enters = async (link: string) => {
    const client = gateway.socket();
    const { person } = await client.enter(link);
    await client.say({ type: "media", ...off });
    await client.until(({ type, person: whose }) => type === "media" && whose === person.id);
    return { client, id: person.id as string };
  };
  const moderator = await enters(await startMeeting(gateway, meetingId));
  const john = await enters(await joinMeeting(gateway, meetingId, "John"));
  const jane = await enters(await joinMeeting(gateway, meetingId, "Jane"));
  return { meetingId, moderator, john, jane };
}
