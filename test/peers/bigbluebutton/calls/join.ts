import { type Answer, failed, type Parameters } from "../answer.js";
import { type Meeting, online, type Role } from "../meeting.js";
import { letters } from "../letters.js";
import type { World } from "../world.js";

/** Why the browser was not let in; `asXml` where the server answers it so even to a browser. */
interface Refusal {
  key: string;
  asXml?: boolean;
}

const refused = (key: string, asXml = false): Refusal => ({ key, asXml });

function roleOf({ role = "", password = "" }: Parameters, meeting: Meeting, old: boolean): Role | undefined {
  const named = role.toUpperCase();
  if (!old && (named === "MODERATOR" || named === "VIEWER")) return named;
  if (password === "") return undefined;
  if (password === meeting.moderatorPW) return "MODERATOR";
  return password === meeting.attendeePW ? "VIEWER" : undefined;
}

/** Counted are people, by their external ids; someone who is inside already may come again. */
export function isFull(meeting: Meeting, externalId: string): boolean {
  const most = Number(meeting.parameters["maxParticipants"] || 0);
  const inside = new Set(online(meeting).map((user) => user.externalId));
  return most > 0 && inside.size >= most && !inside.has(externalId);
}

function check(given: Parameters, world: World): { meeting: Meeting; role: Role } | Refusal {
  const { flavour, unknownMeeting } = world.settings;
  if ((given["fullName"] ?? "") === "") return refused(flavour === "bbb" ? "validationError" : "missingParamFullName");
  const meeting = world.meetings.find(given["meetingID"] ?? "");
  if (!meeting) return refused(unknownMeeting);
  if (meeting.endTime > 0) return refused(meeting.hasBeenForciblyEnded ? "meetingForciblyEnded" : unknownMeeting);
  const role = roleOf(given, meeting, flavour === "bbb-2.3");
  if (!role) return flavour === "bbb-2.3" ? refused("invalidPassword") : refused("Params required", true);
  const { createTime } = given;
  if (createTime && createTime !== String(meeting.createTime)) return refused("mismatchCreateTimeParam");
  if (isFull(meeting, given["userID"] ?? "")) return refused("maxParticipantsReached");
  return { meeting, role };
}

/** The errors stand in the query as they are, not escaped. */
export function sendOut(to: string, key: string): Answer {
  const errors = JSON.stringify([{ key, message: `Told by the peer: ${key}.` }]);
  return { redirect: `${to}${to.includes("?") ? "&" : "?"}errors=${errors}` };
}

function refuse({ key, asXml }: Refusal, given: Parameters, { settings, origin }: World): Answer {
  const { flavour } = settings;
  // Scalelite answers for itself only what it knows without the server behind it.
  const ownAnswer = flavour === "plugnmeet" || (flavour === "scalelite" && key === "notFound");
  if (asXml || ownAnswer) return failed(flavour === "plugnmeet" && key !== "notFound" ? "error" : key);
  const newer = flavour === "bbb" || flavour === "scalelite" ? given["errorRedirectUrl"] : undefined;
  return sendOut(newer || given["logoutURL"] || `${origin()}/`, key);
}

export function join(given: Parameters, world: World): Answer {
  const checked = check(given, world);
  if ("key" in checked) return refuse(checked, given, world);
  const { meeting, role } = checked;
  const token = letters(16);
  const internalId = `w_${letters(12)}`;
  world.entering.set(token, {
    meetingID: meeting.meetingID,
    createTime: meeting.createTime,
    externalId: given["userID"] || internalId,
    internalId,
    name: given["fullName"] ?? "",
    role,
    logoutURL: meeting.parameters["logoutURL"] || `${world.origin()}/`,
  });
  return { redirect: `${world.origin()}/html5client/?sessionToken=${token}` };
}
