import { type Answer, failed, noted, page, type Parameters, succeeded } from "../answer.js";
import type { Meeting } from "../meeting.js";
import { letters } from "../letters.js";
import type { World } from "../world.js";
import type { Element } from "../xml.js";
import { dateOf } from "./told.js";

const booleans = `record autoStartRecording allowStartStopRecording webcamsOnlyForModerator lockSettingsDisableCam
  lockSettingsDisableMic lockSettingsDisablePrivateChat lockSettingsDisablePublicChat lockSettingsDisableNotes
  lockSettingsDisableNote lockSettingsLockedLayout meetingKeepEvents endWhenNoModerator notifyRecordingIsOn`.split(
  /\s+/,
);

const numbers = `maxParticipants duration meetingExpireIfNoUserJoinedInMinutes meetingExpireWhenLastUserLeftInMinutes
  endWhenNoModeratorDelayInMinutes`.split(/\s+/);

const addresses = ["logoutURL", "meetingEndedURL"];

/** Of Java's `String.length`, which counts an emoji twice. */
const isLong = (text: string, most: number): boolean => text.length >= 2 && text.length <= most;

const isAbsolute = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

const withoutTags = (text: string): string => text.replace(/<[^>]*>/g, "");

/** @returns the first parameter that breaks a rule */
function broken(given: Parameters, { settings: { flavour } }: World): string | undefined {
  const old = flavour === "bbb-2.3";
  if (!old && !isLong(withoutTags(given["name"] ?? ""), 64)) return "name";
  const meetingID = given["meetingID"] ?? "";
  if (!isLong(meetingID, 256) || meetingID.includes(",")) return "meetingID";
  for (const name of ["attendeePW", "moderatorPW"]) if (given[name] && !isLong(given[name], 64)) return name;
  const says = (names: string[], right: (text: string) => boolean) =>
    names.find((name) => given[name] !== undefined && given[name] !== "" && !right(given[name]));
  return (
    says(booleans, (text) => /^(?:true|false)$/.test(text)) ??
    says(numbers, (text) => /^\d+$/.test(text)) ??
    says(addresses, isAbsolute)
  );
}

function metadataOf(given: Parameters): Record<string, string> {
  const named = Object.entries(given).flatMap(([name, value]) => {
    const [, own] = /^meta_([a-zA-Z][a-zA-Z0-9-]*)$/.exec(name) ?? [];
    return own ? [[own.toLowerCase(), value] as const] : [];
  });
  return Object.fromEntries(named);
}

/** Java's `replaceAll` reads `$` and `\` in the name, where the welcome names the conference; the default one does. */
const breaksWelcome = ({ name = "", welcome = "%%CONFNAME%%" }: Parameters): boolean =>
  /[$\\]/.test(name) && welcome.includes("%%CONFNAME%%");

function told(meeting: Meeting, notes: Element[]): Answer {
  return succeeded(
    ["meetingID", meeting.meetingID],
    ["internalMeetingID", meeting.internalMeetingID],
    ["parentMeetingID", "bbb-none"],
    ["attendeePW", meeting.attendeePW],
    ["moderatorPW", meeting.moderatorPW],
    ["createTime", meeting.createTime],
    ["voiceBridge", meeting.voiceBridge],
    ["dialNumber", "613-555-1234"],
    ["createDate", dateOf(meeting.createTime)],
    ["hasUserJoined", meeting.hasUserJoined],
    ["duration", meeting.parameters["duration"] || 0],
    ["hasBeenForciblyEnded", meeting.hasBeenForciblyEnded],
    ...notes,
  );
}

/** The same passwords, or none of both where the server is new: the very meeting; anything else is another one. */
function again(meeting: Meeting, { attendeePW, moderatorPW }: Parameters, { settings: { flavour } }: World): Answer {
  if (flavour === "plugnmeet") return told(meeting, noted("success", "success"));
  const none = !attendeePW && !moderatorPW && flavour === "bbb";
  if (!none && (attendeePW !== meeting.attendeePW || moderatorPW !== meeting.moderatorPW)) {
    return failed("idNotUnique", "A meeting already exists with that meeting ID. Please use a different meeting ID.");
  }
  const text = "This conference was already in existence and may currently be in progress.";
  return told(meeting, noted("duplicateWarning", text));
}

export function create(given: Parameters, world: World): Answer {
  const { meetings, settings } = world;
  const { meetingID = "", name = "" } = given;
  const older = settings.flavour === "bbb-2.3" || settings.flavour === "scalelite";
  if (meetingID === "" && older) return failed("missingParamMeetingID");
  const wrong = broken(given, world);
  if (wrong) return failed("validationError", `The parameter ${wrong} is missing or is not what it must be.`);
  const living = meetings.find(meetingID);
  if (living && living.endTime === 0) return again(living, given, world);
  if (settings.flavour !== "plugnmeet" && breaksWelcome(given)) return page(500, "Internal Server Error");
  const meeting = meetings.create({
    meetingID,
    name: withoutTags(name),
    attendeePW: given["attendeePW"] || letters(8),
    moderatorPW: given["moderatorPW"] || letters(8),
    parameters: given,
    metadata: metadataOf(given),
  });
  return told(meeting, settings.flavour === "plugnmeet" ? noted("success", "success") : noted("", ""));
}
