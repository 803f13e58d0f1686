import { type Answer, failed, noted, type Parameters, succeeded } from "../answer.js";
import type { World } from "../world.js";
import { notThere } from "./asking.js";

/** Scalelite deletes its own record before it asks the server behind it, whatever comes of that. */
export function dropRecord({ meetingID = "" }: Parameters, { meetings, settings }: World): void {
  const meeting = meetings.find(meetingID);
  if (meeting && settings.flavour === "scalelite") meeting.known = false;
}

/** The people are out, and the meeting is over, only some time after the answer. */
export function end({ meetingID = "", password = "" }: Parameters, world: World): Answer {
  const { meetings, settings, agenda } = world;
  const meeting = meetings.find(meetingID);
  // A room of PlugNmeet's is active from its creation on, also with nobody in it.
  if (settings.flavour === "plugnmeet" && meeting?.endTime !== 0) return failed("error", "room is not active");
  if (!meeting) return notThere(world);
  if (settings.flavour === "bbb-2.3" && password !== meeting.moderatorPW) {
    return failed("invalidPassword", "The supplied moderator password is incorrect.");
  }
  dropRecord({ meetingID }, world);
  agenda.in(settings.times.end, () => meetings.end(meeting, true));
  const text = "A request to end the meeting was sent. Please wait a few seconds, and then use the getMeetingInfo or";
  return succeeded(
    ...noted("sentEndMeetingRequest", `${text} isMeetingRunning API calls to verify that it was ended.`),
  );
}
