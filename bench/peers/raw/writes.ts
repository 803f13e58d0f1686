import { createHmac, hash, hkdfSync, randomUUID, timingSafeEqual } from "node:crypto";
import { sortKey } from "#gateway/storage/sort-key.js";
import { app, db, env, found, idIn, type License, Refused, success } from "./door.js";
import { type Meeting, meetingById, settingEntries, settings } from "./meeting.js";

type Body = Record<string, unknown>;

/** Version 7: ids that come one after the other lie beside each other in the tables. */
function newId(now: number): string {
  const random = randomUUID();
  const time = now.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}

/** Empty means not set. */
function textIn(body: Body, field: string, limit: number): string | null {
  const value = body[field];
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string") throw new Refused(400, "fault.text", { field });
  if (value.length > limit) throw new Refused(400, "fault.tooLong", { field, limit });
  return value;
}

function nameIn(body: Body, field: string): string {
  const name = textIn(body, field, 255);
  if (name === null || name.trim() === "") throw new Refused(400, "fault.required", { field });
  return name;
}

/** As they are stored: each of the ten, by its own name. */
function settingsIn(body: Body): string {
  const field = "meeting_setting";
  const list = body[field];
  if (!Array.isArray(list)) throw new Refused(400, "fault.settings", { field });
  const given = new Map((list as { setting: string; value: unknown }[]).map(({ setting, value }) => [setting, value]));
  const values = settings.map(([name, setting]): [string, unknown] => {
    const value = given.get(setting);
    if (typeof value !== "boolean") throw new Refused(400, "fault.setting.missing", { field, setting });
    return [name, value];
  });
  return JSON.stringify(Object.fromEntries(values));
}

const claimMeeting = db.prepare<[string]>(`
  UPDATE licenses SET meeting_count = meeting_count + 1
  WHERE id = ? AND (max_meetings IS NULL OR meeting_count < max_meetings)`);
const insertMeeting = db.prepare(`
  INSERT INTO meetings (id, license_id, title, title_key, moderator_password, welcome_text, settings, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);

const createMeeting = db.transaction((license: License, meeting: Meeting, now: number) => {
  if (claimMeeting.run(license.id).changes === 0) {
    throw new Refused(400, "refusal.MEETING_LIMIT_REACHED", { limit: license.max_meetings ?? 0 });
  }
  const { id, title, moderator_password, welcome_text, settings: stored } = meeting;
  insertMeeting.run(id, license.id, title, sortKey(title), moderator_password, welcome_text, stored, now, now);
}).immediate;

app.post("/api/v1/create_meeting/", (request, reply) => {
  const body = request.body as Body;
  const now = Date.now();
  const meeting = {
    id: newId(now),
    title: textIn(body, "title", 255),
    moderator_password: textIn(body, "moderator_password", 64),
    welcome_text: textIn(body, "welcome_text", 4000),
    settings: settingsIn(body),
  };
  createMeeting(request.license, meeting, now);
  const data = {
    meeting_id: meeting.id,
    title: meeting.title ?? "",
    moderator_password: meeting.moderator_password ?? "",
    welcome_text: meeting.welcome_text ?? "",
    meeting_setting: settingEntries(meeting.settings),
  };
  reply.code(201).send(success(request, data, "v1.createMeeting", 201));
});

const digest = (text: string) => hash("sha256", text, "buffer");

function demandPassword(required: string | null, given: string | null): void {
  if (required !== null && !timingSafeEqual(digest(required), digest(given ?? ""))) {
    throw new Refused(401, "refusal.INVALID_PASSWORD");
  }
}

interface Open {
  id: string;
  status: string;
  title: string | null;
  attendee_password: string | null;
  logout_url: string | null;
}

const openOf = db.prepare<[string], Open>(
  "SELECT id, status, title, attendee_password, logout_url FROM sessions WHERE meeting_id = ? AND ended_at IS NULL",
);
const countInside = db
  .prepare<[string], number>("SELECT count(*) FROM attendances WHERE session_id = ? AND left_at IS NULL")
  .pluck();

function refuseFullRoom({ max_attendance: limit }: License, sessionId: string): void {
  if (limit !== null && (countInside.get(sessionId) ?? 0) >= limit) {
    throw new Refused(400, "refusal.ATTENDANCE_LIMIT_REACHED", { limit });
  }
}

const claimRunning = db.prepare<[string]>(`
  UPDATE licenses SET running_count = running_count + 1
  WHERE id = ? AND (max_running IS NULL OR running_count < max_running)`);
const insertSession = db.prepare(`
  INSERT INTO sessions (id, license_id, meeting_id, status, title, welcome_text, attendee_password, moderator_name,
    logout_url, settings, started_at, empty_since, engine)
  VALUES ($id, $license, $meeting, 'RUNNING', $title, $welcome, $attendee_password, $moderator_name,
    $logout_url, $settings, $now, $now, 'builtin')`);

interface Start {
  title: string | null;
  attendee_password: string | null;
  logout_url: string | null;
  moderator_name: string;
  moderator_password: string | null;
}

/** A new session, or a place in the one that runs and was started in the same way. */
const startMeeting = db.transaction((license: License, meetingId: string, start: Start, now: number) => {
  const meeting = found(meetingById.get(meetingId, license.id), "MEETING");
  demandPassword(meeting.moderator_password, start.moderator_password);
  const open = openOf.get(meetingId);
  if (open) {
    const fields = (["title", "attendee_password", "logout_url"] as const).filter(
      (name) => start[name] !== null && start[name] !== open[name],
    );
    if (fields.length > 0) throw new Refused(400, "refusal.MEETING_ALREADY_RUNNING", { fields: fields.join() });
    refuseFullRoom(license, open.id);
    return { meeting, sessionId: open.id, title: open.title };
  }
  if (claimRunning.run(license.id).changes === 0) {
    throw new Refused(400, "refusal.RUNNING_LIMIT_REACHED", { limit: license.max_running ?? 0 });
  }
  const sessionId = newId(now);
  const title = start.title ?? meeting.title;
  insertSession.run({
    id: sessionId,
    license: license.id,
    meeting: meetingId,
    title,
    welcome: meeting.welcome_text,
    attendee_password: start.attendee_password,
    moderator_name: start.moderator_name,
    logout_url: start.logout_url,
    settings: meeting.settings,
    now,
  });
  return { meeting, sessionId, title };
}).immediate;

const linkKey = Buffer.from(hkdfSync("sha256", env["SECRET_KEY"] ?? "", "", "vconnct join-link", 32));
const CHECKSUM_BYTES = 20;

/** Signed over its parameters by their names. */
function joinLink(of: {
  fullName: string;
  meetingID: string;
  password: string;
  sessionID: string;
  role: string;
}): string {
  const { fullName, meetingID, password, sessionID, role } = of;
  const personID = newId(Date.now());
  const signed = JSON.stringify([
    ["fullName", fullName],
    ["meetingID", meetingID],
    ["password", password],
    ["personID", personID],
    ["role", role],
    ["sessionID", sessionID],
  ]);
  const checksum = createHmac("sha256", linkKey).update(signed).digest().toString("hex", 0, CHECKSUM_BYTES);
  const query = `fullName=${encodeURIComponent(fullName)}&meetingID=${meetingID}&password=${encodeURIComponent(password)}`;
  return `${env["PUBLIC_URL"]}/api/join?${query}&sessionID=${sessionID}&personID=${personID}&role=${role}&checksum=${checksum}`;
}

app.post("/api/v1/start_meeting/", (request, reply) => {
  const body = request.body as Body;
  const logoutUrl = textIn(body, "logout_url", 2048);
  const start = {
    title: textIn(body, "title", 255),
    attendee_password: textIn(body, "attendee_password", 64),
    moderator_password: textIn(body, "moderator_password", 64),
    moderator_name: nameIn(body, "moderator_name"),
    logout_url: logoutUrl === null ? null : new URL(logoutUrl).href,
  };
  const { meeting, sessionId, title } = startMeeting(request.license, idIn(body, "meeting_id"), start, Date.now());
  const url = joinLink({
    fullName: start.moderator_name,
    meetingID: meeting.id,
    password: meeting.moderator_password === null ? "" : (start.moderator_password ?? ""),
    sessionID: sessionId,
    role: "moderator",
  });
  reply.send(success(request, { title: title ?? "", url }, "v1.startMeeting"));
});

/** Hands out a link; nothing is written before somebody enters with it. */
app.post("/api/v1/join_meeting/", (request, reply) => {
  const body = request.body as Body;
  const { role } = body;
  const password = textIn(body, "password", 64);
  const fullName = nameIn(body, "fullname");
  if (role !== "moderator" && role !== "viewer") throw new Refused(400, "fault.role", { field: "role" });
  const meeting = found(meetingById.get(idIn(body, "meeting_id"), request.license.id), "MEETING");
  const open = openOf.get(meeting.id);
  const required = role === "moderator" ? meeting.moderator_password : (open?.attendee_password ?? null);
  demandPassword(required, password);
  if (open?.status !== "RUNNING") throw new Refused(400, "refusal.MEETING_NOT_RUNNING");
  refuseFullRoom(request.license, open.id);
  const shown = required === null ? "" : (password ?? "");
  const url = joinLink({ fullName, meetingID: meeting.id, password: shown, sessionID: open.id, role });
  reply.send(success(request, { url }, "v1.joinMeeting"));
});
