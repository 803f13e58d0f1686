// graphql-request with generated documents: a meeting's whole life, every mutation once.
import assert from "node:assert/strict";
import { ClientError, GraphQLClient } from "graphql-request";
import {
  AccountDocument,
  CreateMeetingDocument,
  DeleteMeetingDocument,
  EndMeetingDocument,
  JoinMeetingDocument,
  MeetingHistoryDocument,
  MeetingListDocument,
  SessionAndRecordingDocument,
  StartMeetingDocument,
  UpdateGeneralMeetingSettingsDocument,
  UpdateMeetingDocument,
} from "../generated/operations.js";
import { headers, url } from "./server.js";

const client = new GraphQLClient(url, { headers });

/** The member of a result that was hoped for: none of ours bears a code. */
function succeeded<T extends object>(result: T | null): Exclude<T, { code: unknown }> {
  assert.ok(result && !("code" in result), JSON.stringify(result));
  return result as Exclude<T, { code: unknown }>;
}

const refused = await client.request(CreateMeetingDocument, { input: { title: "x".repeat(256) } });
assert.ok(refused.createMeeting?.__typename === "InvalidInputError");
assert.deepEqual(refused.createMeeting.issues[0]?.path, ["title"]);

const created = await client.request(CreateMeetingDocument, { input: { title: "Algebra" } });
const { meeting } = succeeded(created.createMeeting);
const input = { meetingId: meeting.id };

const updated = await client.request(UpdateMeetingDocument, { input: { ...input, welcomeText: "Welcome" } });
assert.equal(succeeded(updated.updateMeeting).meeting.welcomeText, "Welcome");
const general = await client.request(UpdateGeneralMeetingSettingsDocument, { input: { settings: { record: true } } });
assert.equal(succeeded(general.updateGeneralMeetingSettings).settings.record, true);

const started = await client.request(StartMeetingDocument, { input: { ...input, moderatorName: "Ms. Noor" } });
const { session, joinUrl } = succeeded(started.startMeeting);
assert.ok(URL.canParse(joinUrl));
const joined = await client.request(JoinMeetingDocument, { input: { ...input, fullName: "John", role: "VIEWER" } });
assert.equal(succeeded(joined.joinMeeting).session.id, session.id);

const list = await client.request(MeetingListDocument, { first: 1, orderBy: { field: "TITLE" } });
assert.equal(list.meetings?.nodes[0]?.currentSession?.id, session.id);
const history = await client.request(MeetingHistoryDocument, { id: meeting.id });
assert.equal(history.meeting?.sessions?.nodes[0]?.status, "RUNNING");
assert.deepEqual(history.meeting.sessions.nodes[0].attendances?.nodes, []);

const early = await client.request(DeleteMeetingDocument, { input });
assert.ok(early.deleteMeeting?.__typename === "MeetingStateError");
assert.equal(early.deleteMeeting.code, "MEETING_ALREADY_RUNNING");
const ended = await client.request(EndMeetingDocument, { input });
assert.equal(succeeded(ended.endMeeting).session.status, "ENDED");
const deleted = await client.request(DeleteMeetingDocument, { input });
assert.equal(succeeded(deleted.deleteMeeting).deletedMeetingId, meeting.id);

const kept = await client.request(SessionAndRecordingDocument, { sessionId: session.id, recordingId: session.id });
assert.deepEqual(kept, { session: { __typename: "Session", id: session.id, meeting: null }, recording: null });
const account = await client.request(AccountDocument);
assert.equal(account.license?.status, "ACTIVE");

const stranger = new GraphQLClient(url);
const denied = await stranger.request(AccountDocument).catch((error: unknown) => error);
assert.ok(denied instanceof ClientError);
assert.equal(denied.response.status, 401);
assert.equal(denied.response.errors?.[0]?.extensions["code"], "UNAUTHENTICATED");
