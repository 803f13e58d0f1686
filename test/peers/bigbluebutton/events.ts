import { isOn, type Meeting, type RoomEvent, type User } from "./meeting.js";
import type { Change, Recording } from "./recordings.js";
import { dateOf } from "./calls/told.js";

type Attributes = Record<string, unknown>;

/** One event as bbb-webhooks tells it. */
export interface HookEvent {
  data: { type: "event"; id: string; attributes: Attributes; event: { ts: number } };
}

/** Of a meeting that was created while the webhooks' process was down only the internal id is known. */
const idsOf = (internal: string, external: string | undefined): Attributes => ({
  "internal-meeting-id": internal,
  ...(external !== undefined && { "external-meeting-id": external }),
});

const createdOf = (meeting: Meeting): Attributes => ({
  name: meeting.name,
  "is-breakout": false,
  "parent-id": "",
  duration: Number(meeting.parameters["duration"] || 0),
  "create-time": meeting.createTime,
  "create-date": dateOf(meeting.createTime),
  "moderator-pass": meeting.moderatorPW,
  "viewer-pass": meeting.attendeePW,
  record: isOn(meeting, "record"),
  "voice-conf": meeting.voiceBridge,
  "dial-number": "613-555-1234",
  "max-users": Number(meeting.parameters["maxParticipants"] || 0),
  metadata: meeting.metadata,
});

const joinedOf = (user: User): Attributes => ({
  "internal-user-id": user.internalId,
  "external-user-id": user.externalId,
  name: user.name,
  role: user.role,
  presenter: false,
  guest: false,
  userdata: {},
});

const leftOf = ({ internalId, externalId }: User): Attributes => ({
  "internal-user-id": internalId,
  "external-user-id": externalId,
  guest: false,
});

const eventOf = (id: string, attributes: Attributes, ts: number): HookEvent => ({
  data: { type: "event", id, attributes, event: { ts } },
});

export function eventOfRoom(event: RoomEvent, isMapped: boolean, ts: number): HookEvent {
  const { id, meeting } = event;
  const ids = idsOf(meeting.internalMeetingID, isMapped ? meeting.meetingID : undefined);
  if ("user" in event) {
    const user = id === "user-joined" ? joinedOf(event.user) : leftOf(event.user);
    return eventOf(id, { meeting: ids, user }, ts);
  }
  return eventOf(id, { meeting: { ...ids, ...(id === "meeting-created" && createdOf(meeting)) } }, ts);
}

export function eventOfRecording(id: Change, recording: Recording, ts: number): HookEvent {
  const { recordID, formats, metadata } = recording;
  const published = {
    name: recording.name,
    "is-breakout": false,
    "start-time": recording.startTime,
    "end-time": recording.endTime,
    size: recording.size,
    "raw-size": recording.size * 3,
    metadata,
    playback: formats.map(({ type, length }) => ({ format: type, length })),
    download: {},
  };
  const step = { success: true, "step-time": 7_177 };
  const attributes: Attributes = {
    meeting: idsOf(recordID, recording.meetingID),
    "record-id": recordID,
    ...(/^rap-(?:archive|process|publish)-/.test(id) && step),
    ...(id === "rap-archive-ended" && { recorded: true, duration: recording.endTime - recording.startTime }),
    ...(/^rap-(?:process|publish)-/.test(id) && { workflow: formats[0]?.type }),
    ...(/published$|deleted$/.test(id) && { format: formats[0]?.type }),
    ...(id === "rap-publish-ended" && { recording: published }),
  };
  return eventOf(id, attributes, ts);
}
