import { createHmac } from "node:crypto";
import { isOn, type Meeting, type User } from "./meeting.js";
import type { Recording } from "./recordings.js";
import type { World } from "./world.js";

const encoded = (value: object | Buffer): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString("base64url");

/** As Ruby's library makes it: without a `typ`. */
export function signedToken(payload: object, secret: string, alg: "HS256" | "HS512"): string {
  const text = `${encoded({ alg })}.${encoded(payload)}`;
  const hash = alg === "HS256" ? "sha256" : "sha512";
  return `${text}.${encoded(createHmac(hash, secret).update(text).digest())}`;
}

/** `2021-09-23T16:08:29.000+00:00` */
const moment = (at: number): string => new Date(at).toISOString().replace("Z", "+00:00");

/** One person with all windows; internal ids are left out. */
function attendee(externalId: string, visits: User[], endTime: number) {
  const leaves = visits.map(({ leftAt = endTime }) => leftAt);
  const last = visits.at(-1);
  return {
    ext_user_id: externalId,
    name: last?.name,
    moderator: last?.role === "MODERATOR",
    joins: visits.map(({ joinedAt }) => moment(joinedAt)),
    leaves: leaves.map(moment),
    duration: Math.round(visits.reduce((sum, { joinedAt }, at) => sum + ((leaves[at] ?? 0) - joinedAt), 0) / 1_000),
  };
}

function analyticsOf({ meetingID, internalMeetingID, ...meeting }: Meeting) {
  const people = [...new Set(meeting.visits.map(({ externalId }) => externalId))];
  const visitsOf = (externalId: string) => meeting.visits.filter((visit) => visit.externalId === externalId);
  return {
    version: "1.0",
    meeting_id: meetingID,
    internal_meeting_id: internalMeetingID,
    data: {
      metadata: { ...meeting.metadata, meeting_name: meeting.name },
      duration: Math.round((meeting.endTime - meeting.startTime) / 1_000),
      start: moment(meeting.startTime),
      finish: moment(meeting.endTime),
      attendees: people.map((person) => attendee(person, visitsOf(person), meeting.endTime)),
    },
  };
}

/** What the server calls by itself, once each, where `create` named an address for it. PlugNmeet calls nobody. */
export function callBack(world: World): void {
  const { settings, agenda, meetings, recordings, outbox } = world;
  if (settings.flavour === "plugnmeet") return;
  const { secret } = settings;

  const tellEnd = (meeting: Meeting) => {
    for (const to of [meeting.parameters["meetingEndedURL"], meeting.metadata["endcallbackurl"]]) {
      if (!to) continue;
      const url = new URL(to);
      url.searchParams.set("meetingID", meeting.meetingID);
      url.searchParams.set("recordingmarks", String(meeting.recordingStarted));
      outbox.post({ kind: "end", about: meeting.meetingID, url: url.href, method: "GET", headers: {} });
    }
  };
  const tellAnalytics = (meeting: Meeting) => {
    const url = meeting.metadata["analytics-callback-url"];
    if (!url || !(isOn(meeting, "meetingKeepEvents") || isOn(meeting, "record"))) return;
    const expires = Math.floor(agenda.now() / 1_000) + 86_400;
    const headers = {
      authorization: `Bearer ${signedToken({ exp: expires }, secret, "HS512")}`,
      "user-agent": "BigBlueButton Analytics Callback",
      "content-type": "application/json",
    };
    const body = JSON.stringify(analyticsOf(meeting));
    outbox.post({ kind: "analytics", about: meeting.meetingID, url, method: "POST", headers, body });
  };
  const tellReady = ({ metadata, meetingID, recordID, formats }: Recording) => {
    const url = metadata["bbb-recording-ready-url"];
    if (!url) return;
    const token = signedToken({ meeting_id: meetingID, record_id: recordID }, secret, settings.readyToken);
    const body = new URLSearchParams({ signed_parameters: token }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    for (const _ of formats) {
      outbox.post({ kind: "recording-ready", about: recordID, url, method: "POST", headers, body });
    }
  };

  meetings.listen((event) => {
    if (event.id !== "meeting-ended") return;
    tellEnd(event.meeting);
    agenda.in(settings.times.analytics, () => tellAnalytics(event.meeting));
  });
  recordings.listen((id, recording) => {
    if (id === "rap-publish-ended") tellReady(recording);
  });
}
