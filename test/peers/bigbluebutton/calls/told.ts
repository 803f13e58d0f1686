import { isOn, type Meeting, online, type User } from "../meeting.js";
import type { Element } from "../xml.js";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** As Java writes a date: `Tue Dec 20 12:08:46 UTC 2022`. */
export function dateOf(at: number): string {
  const date = new Date(at);
  const time = date.toISOString().slice(11, 19);
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${day} ${time} UTC ${date.getUTCFullYear()}`;
}

/** PlugNmeet tells an identity of its own making, not the one given on join. */
const attendee = (user: User, ownIds: boolean, presenter: boolean): Element => [
  "attendee",
  [
    ["userID", ownIds ? user.internalId : user.externalId],
    ["fullName", user.name],
    ["role", user.role],
    ["isPresenter", presenter],
    ["isListeningOnly", false],
    ["hasJoinedVoice", false],
    ["hasVideo", false],
    ["clientType", "HTML5"],
    ["customdata", ""],
  ],
];

/** A meeting as `getMeetingInfo` and `getMeetings` tell it; who has left is among the attendees for a while. */
export function fieldsOf(meeting: Meeting, ownIds: boolean): Element[] {
  const here = online(meeting);
  const presenter = here.find(({ role }) => role === "MODERATOR");
  return [
    ["meetingName", meeting.name],
    ["meetingID", meeting.meetingID],
    ["internalMeetingID", meeting.internalMeetingID],
    ["createTime", meeting.createTime],
    ["createDate", dateOf(meeting.createTime)],
    ["voiceBridge", meeting.voiceBridge],
    ["dialNumber", "613-555-1234"],
    ["attendeePW", meeting.attendeePW],
    ["moderatorPW", meeting.moderatorPW],
    ["running", isRunning(meeting)],
    ["duration", meeting.parameters["duration"] || 0],
    ["hasUserJoined", meeting.hasUserJoined],
    ["recording", isOn(meeting, "record")],
    ["hasBeenForciblyEnded", meeting.hasBeenForciblyEnded],
    ["startTime", meeting.startTime],
    ["endTime", meeting.endTime],
    ["participantCount", here.length],
    ["listenerCount", 0],
    ["voiceParticipantCount", 0],
    ["videoCount", 0],
    ["maxUsers", meeting.parameters["maxParticipants"] || 0],
    ["moderatorCount", here.filter(({ role }) => role === "MODERATOR").length],
    ["attendees", meeting.users.map((user) => attendee(user, ownIds, user === presenter))],
    ["metadata", Object.entries(meeting.metadata)],
    ["isBreakout", false],
  ];
}

/** False also for a room that nobody has entered yet. */
export const isRunning = (meeting: Meeting): boolean => meeting.endTime === 0 && meeting.users.length > 0;
