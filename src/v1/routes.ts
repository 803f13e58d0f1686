import { isVisible } from "../domain/checks.js";
import type { MessageKey } from "../messages/index.js";
import { type RequestCheck, type RequestParts, requests } from "./requests.js";
import * as shapes from "./shapes.js";
import { given } from "./shapes.js";

/** One documented route: everything that makes it differ from the other eleven. */
export interface Route {
  methods: readonly ("GET" | "POST" | "PUT" | "DELETE")[];
  /** Below /api/v1/, without slashes; `aliases` are further ones, shared with another route. */
  path: string;
  aliases?: readonly string[];
  /** Of two routes at one path, this one takes the bodies it claims. */
  claims?: (body: Record<string, unknown>) => boolean;
  /** Finds the ids in the body where the query lacks them. */
  idsFromBody?: boolean;
  operation: string;
  request: RequestCheck;
  toVariables: (parts: RequestParts) => Record<string, unknown>;
  /** From the operation's root value, which is whatever its document selects. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each document selects its own shape
  toData: (root: any) => unknown;
  /** A sentence's key when what was found is not there to be given out (record-1). */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  absent?: (root: any) => MessageKey | undefined;
  /** Whether the answer is good for this call only, though nothing of the license changes. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  passes?: (root: any) => boolean;
  successStatus: 200 | 201;
  messageKey: MessageKey;
}

/** Whether what lives there changes nothing. HEAD answers that as GET does; on a path that acts it would act (method-1). */
export const isRead = ({ methods }: { methods: readonly string[] }): boolean =>
  methods.every((method) => method === "GET");

/** null, `""` and what nobody can see are as good as left out (create-2, create-4). */
const says = (body: Record<string, unknown>, key: string): boolean => {
  const value = Object.hasOwn(body, key) ? body[key] : undefined;
  return typeof value === "string" ? isVisible(value) : value != null;
};

/** A body the start route would refuse and the join route means (join-1: the document prints the wrong path). */
const looksLikeJoin = (body: Record<string, unknown>): boolean =>
  (says(body, "role") || says(body, "fullname")) && !says(body, "moderator_name");

const meetingId = ({ query }: RequestParts) => ({ meetingId: query["meeting_id"] });
const sessionId = ({ query }: RequestParts) => ({ sessionId: query["session_id"] });

/** THE TABLE: the twelve routes in the document's order. */
export const routes = {
  createMeeting: {
    methods: ["POST"],
    path: "create_meeting",
    operation: "V1CreateMeeting",
    request: requests.createMeeting,
    toVariables: ({ body, idempotencyKey }) => ({
      input: {
        idempotencyKey,
        title: given(body["title"]),
        moderatorPassword: given(body["moderator_password"]),
        welcomeText: given(body["welcome_text"]),
        settings: shapes.toSettings(body["meeting_setting"]),
      },
    }),
    toData: (created) => shapes.meeting(created.meeting),
    successStatus: 201,
    messageKey: "v1.createMeeting",
  },
  updateMeeting: {
    methods: ["PUT"],
    path: "update_meeting",
    operation: "V1UpdateMeeting",
    request: requests.updateMeeting,
    toVariables: ({ query, body }) => ({
      input: {
        meetingId: query["meeting_id"],
        title: given(body["title"]),
        moderatorPassword: given(body["moderator_password"]),
        welcomeText: given(body["welcome_text"]),
        settings: shapes.toSettings(body["meeting_setting"]),
      },
    }),
    toData: (updated) => shapes.meeting(updated.meeting),
    successStatus: 200,
    messageKey: "v1.updateMeeting",
  },
  startMeeting: {
    methods: ["POST"],
    path: "start_meeting",
    operation: "V1StartMeeting",
    request: requests.startMeeting,
    toVariables: ({ body, idempotencyKey }) => ({
      input: {
        idempotencyKey,
        meetingId: body["meeting_id"],
        title: given(body["title"]),
        attendeePassword: given(body["attendee_password"]),
        moderatorPassword: given(body["moderator_password"]),
        moderatorName: body["moderator_name"],
        logoutUrl: given(body["logout_url"]),
      },
    }),
    toData: (started) => ({ title: shapes.text(started.session.title), url: started.joinUrl }),
    successStatus: 200,
    messageKey: "v1.startMeeting",
  },
  joinMeeting: {
    methods: ["POST"],
    path: "join_meeting",
    aliases: ["start_meeting"],
    claims: looksLikeJoin,
    operation: "V1JoinMeeting",
    request: requests.joinMeeting,
    toVariables: ({ body }) => ({
      input: {
        meetingId: body["meeting_id"],
        fullName: body["fullname"],
        password: given(body["password"]),
        role: String(body["role"]).toUpperCase(),
      },
    }),
    toData: (joined) => ({ url: joined.joinUrl }),
    successStatus: 200,
    messageKey: "v1.joinMeeting",
  },
  endMeeting: {
    methods: ["GET", "POST"],
    path: "end_meeting",
    idsFromBody: true,
    operation: "V1EndMeeting",
    request: requests.meetingById,
    toVariables: meetingId,
    toData: () => null,
    successStatus: 200,
    messageKey: "v1.done",
  },
  deleteScheduledMeeting: {
    methods: ["DELETE"],
    path: "delete_scheduled_meeting",
    operation: "V1DeleteScheduledMeeting",
    request: requests.meetingById,
    toVariables: meetingId,
    toData: () => null,
    successStatus: 200,
    messageKey: "v1.deleteScheduledMeeting",
  },
  listSessions: {
    methods: ["GET"],
    path: "list_sessions",
    operation: "V1ListSessions",
    request: requests.meetingById,
    toVariables: meetingId,
    toData: (meeting) => meeting.sessions.nodes.map(shapes.session),
    successStatus: 200,
    messageKey: "v1.done",
  },
  listMeetings: {
    methods: ["GET"],
    path: "list_meetings",
    operation: "V1ListMeetings",
    request: requests.nothing,
    toVariables: () => ({}),
    toData: (meetings) => shapes.listedMeetings(meetings.nodes),
    successStatus: 200,
    messageKey: "v1.done",
  },
  listAttendance: {
    methods: ["GET"],
    path: "list_attendance",
    operation: "V1ListAttendance",
    request: requests.sessionById,
    toVariables: sessionId,
    toData: (session) => session.attendances.nodes,
    successStatus: 200,
    messageKey: "v1.done",
  },
  listSetting: {
    methods: ["GET"],
    path: "list_setting",
    operation: "V1ListSetting",
    request: requests.meetingById,
    toVariables: meetingId,
    toData: (meeting) => shapes.settingEntries(meeting.settings.entries),
    successStatus: 200,
    messageKey: "v1.done",
  },
  listGeneralMeetingSetting: {
    methods: ["GET"],
    path: "list_general_meeting_setting",
    operation: "V1ListGeneralMeetingSetting",
    request: requests.nothing,
    toVariables: () => ({}),
    toData: (settings) => shapes.generalSettings(settings.entries),
    successStatus: 200,
    messageKey: "v1.done",
  },
  getRecord: {
    methods: ["GET"],
    path: "get_record",
    operation: "V1GetRecord",
    request: requests.sessionById,
    toVariables: sessionId,
    absent: ({ recording }) => {
      if (recording === null) return "recording.none";
      return recording.playbackUrl === null ? "recording.unpublished" : undefined;
    },
    toData: ({ recording }) => recording.playbackUrl,
    passes: ({ recording }) => recording?.hasTemporaryUrls === true,
    successStatus: 200,
    messageKey: "v1.done",
  },
} satisfies Record<string, Route>;
