import { type Answer, failed, noted, type Parameters, succeeded } from "../answer.js";
import type { World } from "../world.js";
import { fieldsOf, isRunning } from "./told.js";

const ownIds = ({ settings }: World): boolean => settings.flavour === "plugnmeet";

export function notThere({ settings }: World): Answer {
  return failed(settings.unknownMeeting, "We could not find a meeting with that meeting ID.");
}

/** Of a meeting that is not there it says no, and is no failure. */
export function isMeetingRunning({ meetingID = "" }: Parameters, { meetings }: World): Answer {
  const meeting = meetings.find(meetingID);
  return succeeded(["running", meeting !== undefined && isRunning(meeting)]);
}

export function getMeetingInfo({ meetingID = "" }: Parameters, world: World): Answer {
  const meeting = world.meetings.find(meetingID);
  return meeting ? succeeded(...fieldsOf(meeting, ownIds(world))) : notThere(world);
}

export function getMeetings(_: Parameters, world: World): Answer {
  const known = world.settings.listsMeetings ? world.meetings.all().filter((meeting) => meeting.known) : [];
  if (known.length === 0) {
    return succeeded(["meetings", []], ...noted("noMeetings", "no meetings were found on this server"));
  }
  return succeeded(["meetings", known.map((meeting) => ["meeting", fieldsOf(meeting, ownIds(world))] as const)]);
}
