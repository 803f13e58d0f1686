import { type Answer, page } from "./answer.js";
import { isFull, sendOut } from "./calls/join.js";
import { online } from "./meeting.js";
import type { World } from "./world.js";

/** How many windows one person may have in a meeting; the oldest goes. */
const WINDOWS = 3;

/** The client's page: with it a browser is inside, if the room has not become full since `join`. */
export function client(token: string, { entering, meetings }: World): Answer {
  const who = entering.get(token);
  const meeting = who && meetings.get(who.meetingID);
  if (!who || !meeting) return page(401, "Unauthorized");
  if (meeting.createTime !== who.createTime || meeting.endTime > 0)
    return sendOut(who.logoutURL, "meetingForciblyEnded");
  if (isFull(meeting, who.externalId)) return sendOut(who.logoutURL, "maxParticipantsReached");
  const windows = online(meeting).filter(({ externalId }) => externalId === who.externalId);
  const inside = windows.find(({ internalId }) => internalId === who.internalId);
  if (inside) return page(200, "BigBlueButton");
  meetings.join(meeting, who);
  if (windows.length >= WINDOWS && windows[0]) meetings.leave(meeting, windows[0]);
  return page(200, "BigBlueButton");
}
