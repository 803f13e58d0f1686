import { app, db, found, idIn, success } from "./door.js";
import { type Meeting, meetingById, settingEntries } from "./meeting.js";

const listMeetings = db.prepare<[string], Meeting & { is_running: number }>(`
  SELECT id, title, moderator_password, welcome_text,
    EXISTS (SELECT 1 FROM sessions WHERE meeting_id = meetings.id AND ended_at IS NULL) AS is_running
  FROM meetings WHERE license_id = ? AND deleted_at IS NULL ORDER BY created_at, id`);

app.get("/api/v1/list_meetings/", (request, reply) => {
  const data = listMeetings.all(request.license.id).map((row) => ({
    meeting_id: row.id,
    title: row.title ?? "",
    is_running: row.is_running === 1,
    moderator_password: row.moderator_password ?? "",
    welcome_text: row.welcome_text ?? "",
  }));
  reply.send(success(request, data));
});

app.get("/api/v1/list_setting/", (request, reply) => {
  const id = idIn(request.query, "meeting_id");
  const meeting = found(meetingById.get(id, request.license.id), "MEETING");
  reply.send(success(request, settingEntries(meeting.settings)));
});

interface Session {
  id: string;
  title: string | null;
  started_at: number;
  ended_at: number | null;
  attendee_password: string | null;
  status: string;
}

const listSessions = db.prepare<[string], Session>(`
  SELECT id, title, started_at, ended_at, attendee_password, status
  FROM sessions WHERE meeting_id = ? ORDER BY started_at, id`);

app.get("/api/v1/list_sessions/", (request, reply) => {
  const id = idIn(request.query, "meeting_id");
  found(meetingById.get(id, request.license.id), "MEETING");
  const data = listSessions.all(id).map((row) => ({
    session_id: row.id,
    title: row.title ?? "",
    session_start_time: new Date(row.started_at).toISOString(),
    session_end_time: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
    attendee_password: row.attendee_password ?? "",
    status: row.status !== "FAILED",
  }));
  reply.send(success(request, data));
});

const sessionExists = db.prepare<[string, string], object>("SELECT 1 FROM sessions WHERE id = ? AND license_id = ?");
const listAttendance = db.prepare<[string], { full_name: string; joined_at: number }>(
  "SELECT full_name, joined_at FROM attendances WHERE session_id = ? ORDER BY joined_at, id",
);

app.get("/api/v1/list_attendance/", (request, reply) => {
  const id = idIn(request.query, "session_id");
  found(sessionExists.get(id, request.license.id), "SESSION");
  const data = listAttendance.all(id).map((row) => ({
    full_name: row.full_name,
    joined_date: new Date(row.joined_at).toISOString(),
  }));
  reply.send(success(request, data));
});
