import { createHmac, hash, hkdfSync, randomUUID, timingSafeEqual } from "node:crypto";
import { createRequire } from "node:module";
import Sqlite from "better-sqlite3";
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import Negotiator from "negotiator";
import { settingList } from "#gateway/domain/settings.js";
import { sortKey } from "#gateway/storage/sort-key.js";

/*
 * v1 as a careful engineer would write it by hand who wants it fast: no graph, no layers, prepared statements, one
 * mapper a route, one transaction a write. It leaves out GraphQL and its limits, events and who follows them, versions of
 * a license's data, idempotency keys, calls counted by the minute, slowing who guesses passwords, the engine behind a
 * room and how many fit into it, starting what runs once more, texts checked to the last letter, every fault told, what
 * happens while a file is lost or a server ends, and answers to whoever speaks broken HTTP.
 */

type Text = string | null;
type License = { id: string; expires_at: number } & Record<"revoked_at" | "max_meetings" | "max_running", unknown>;
type Meeting = { id: string; settings: string } & Record<"title" | "moderator_password" | "welcome_text", Text>;
type Session = { id: string; status: string; ended_at: number | null } & Record<"title" | "attendee_password", Text>;
type Input = Record<string, unknown>;
export type Licensed = FastifyRequest & { license: License };

export const env = process.env as Record<string, string>;
export const db = new Sqlite((env["DATABASE_URL"] ?? "").slice("file:".length));
for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"]) db.pragma(pragma);
const inTransaction = db.transaction((work: () => unknown) => work()).immediate as <Found>(work: () => Found) => Found;

/** One line a request, when it is over, as ours in production. */
class LinesWhenOver extends LogController {
  override incomingRequest(): void {}
  override requestCompleted(err: Error | null, req: FastifyRequest, reply: FastifyReply): void {
    const facts = { req, res: { statusCode: reply.statusCode }, responseTime: reply.elapsedTime };
    if (err) reply.log.error({ ...facts, err }, "request errored");
    else reply.log.info(facts, "request completed");
  }
}
const serializers = {
  req: ({ id, method, routeOptions }: FastifyRequest) => ({ id, method, route: routeOptions.url }),
  res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
};
const logger = { level: env["LOG_LEVEL"] ?? "info", serializers };
export const app = Fastify({ logController: new LinesWhenOver(), logger, genReqId: () => randomUUID() });
const load = createRequire(import.meta.url) as (file: string) => Record<string, string>;
const catalogues = { ar: load("../../messages/ar.json"), en: load("../../messages/en.json") };
const say = ({ language }: FastifyRequest, key: string) => catalogues[language as "ar" | "en"][key] ?? key;

const refusal = (statusCode: number, key: string, facts: Input = {}) =>
  Object.assign(new Error(key), { statusCode, key, facts });
function refuse(...of: Parameters<typeof refusal>): never {
  throw refusal(...of);
}
app.setErrorHandler((error: Partial<ReturnType<typeof refusal>>, request, reply) => {
  const { statusCode: status = 500, key = status < 500 ? "fault.request" : "error.internal", facts } = error;
  if (status === 500) request.log.error(error);
  const sentence = say(request, key).replace(/\{(\w+)\}/g, (_, name: string) => String(facts?.[name]));
  reply.code(status).send({ status: false, status_code: status, message: "error", error_messages: [sentence] });
});

// Callers send the same few headers again and again.
const negotiated = new Map<string, string>();
const MOST_NEGOTIATED = 1000;
function languageOf(header: string | undefined): string {
  const known = header === undefined ? "ar" : negotiated.get(header);
  if (known) return known;
  const [best = "ar"] = new Negotiator({ headers: { "accept-language": header } }).languages(["ar", "en"]);
  if (negotiated.size < MOST_NEGOTIATED) negotiated.set(String(header), best);
  return best;
}

const licenseByHash = db.prepare<[string], License>(`SELECT id, expires_at, revoked_at, max_meetings, max_running,
  max_attendance, general_settings FROM licenses WHERE key_hash = ? AND is_demo = 0`);
app.decorateRequest("language", "ar");
app.decorateRequest("license", null);
app.addHook("onRequest", (request, reply, done) => {
  const { license: key } = request.headers;
  request.language = languageOf(request.headers["accept-language"]);
  reply.headers({
    "content-language": request.language,
    vary: "Accept-Language",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  if (request.url === "/health/live") return done();
  const license = typeof key === "string" ? licenseByHash.get(hash("sha256", key)) : undefined;
  if (!license) return done(refusal(401, "denied.UNAUTHENTICATED"));
  if (license.revoked_at !== null) return done(refusal(401, "denied.LICENSE_REVOKED"));
  if (license.expires_at <= Date.now()) return done(refusal(401, "denied.LICENSE_EXPIRED"));
  (request as Licensed).license = license;
  return done();
});
app.get("/health/live", () => ({ status: "live" }));

type Work = (input: Input, license: License) => unknown;
/** @param dataOf does what a body or a query asks, and finds what the envelope tells */
function route(method: string, name: string, status_code: number, key: string, dataOf: Work): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const data = dataOf((request.body ?? request.query) as Input, (request as Licensed).license);
    const success_message = say(request, key);
    reply.code(status_code).send({ status: true, status_code, message: "success", data, success_message });
  };
  app.route({ method, url: `/api/v1/${name}/`, handler });
}

/** Empty means not set. */
function textIn(input: Input, field: string, limit: number): string {
  const value = input[field] ?? "";
  return typeof value === "string" && value.length <= limit ? value : refuse(400, "fault.tooLong", { field, limit });
}
const nameIn = (input: Input, field: string): string =>
  textIn(input, field, 255) || refuse(400, "fault.required", { field });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
function idIn(input: Input, field: string): string {
  const id = input[field];
  return typeof id === "string" && uuid.test(id) ? id.toLowerCase() : refuse(400, "fault.uuid", { field });
}
const switches = settingList.filter(({ inV1 }) => inV1);
/** As they are stored: each of the ten, by its own name. */
function settingsIn({ meeting_setting: list }: Input): string {
  const given = new Map((Array.isArray(list) ? (list as Input[]) : []).map(({ setting, value }) => [setting, value]));
  const values = switches.map(({ name, v1 }): [string, unknown] => [name, given.get(v1)]);
  if (!values.every(([, value]) => typeof value === "boolean")) refuse(400, "fault.settings");
  return JSON.stringify(Object.fromEntries(values));
}
function settingEntries(stored: string): object[] {
  const values = JSON.parse(stored) as Input;
  return switches.map(({ name, v1 }) => ({ setting: v1, value: values[name] === true }));
}
const meetingById = db.prepare<[string, string], Meeting>(`SELECT id, title, moderator_password, welcome_text, settings
  FROM meetings WHERE id = ? AND license_id = ? AND deleted_at IS NULL`);
const meetingIn = (input: Input, license: string): Meeting =>
  meetingById.get(idIn(input, "meeting_id"), license) ?? refuse(404, "refusal.NOT_FOUND.MEETING");
route("GET", "list_setting", 200, "v1.done", (input, { id }) => settingEntries(meetingIn(input, id).settings));
const listMeetings = db.prepare<[string], Meeting & { is_running: number }>(`
  SELECT id, title, moderator_password, welcome_text,
  EXISTS (SELECT 1 FROM sessions WHERE meeting_id = meetings.id AND ended_at IS NULL) AS is_running
  FROM meetings WHERE license_id = ? AND deleted_at IS NULL ORDER BY created_at, id`);
route("GET", "list_meetings", 200, "v1.done", (_, license) =>
  listMeetings.all(license.id).map((row) => ({
    meeting_id: row.id,
    title: row.title ?? "",
    is_running: row.is_running === 1,
    moderator_password: row.moderator_password ?? "",
    welcome_text: row.welcome_text ?? "",
  })),
);
const instant = (at: number) => new Date(at).toISOString();
const listSessions = db.prepare<[string], Session & { started_at: number }>(`SELECT id, title, started_at, ended_at,
  attendee_password, status FROM sessions WHERE meeting_id = ? ORDER BY started_at, id`);
route("GET", "list_sessions", 200, "v1.done", (input, license) =>
  listSessions.all(meetingIn(input, license.id).id).map((row) => ({
    session_id: row.id,
    title: row.title ?? "",
    session_start_time: instant(row.started_at),
    session_end_time: row.ended_at === null ? null : instant(row.ended_at),
    attendee_password: row.attendee_password ?? "",
    status: row.status !== "FAILED",
  })),
);
const sessionExists = db.prepare<[string, string], object>("SELECT 1 FROM sessions WHERE id = ? AND license_id = ?");
const listAttendance = db.prepare<[string], { full_name: string; joined_at: number }>(`SELECT full_name, joined_at
  FROM attendances WHERE session_id = ? ORDER BY joined_at, id`);
route("GET", "list_attendance", 200, "v1.done", (input, license) => {
  const id = idIn(input, "session_id");
  if (!sessionExists.get(id, license.id)) refuse(404, "refusal.NOT_FOUND.SESSION");
  return listAttendance.all(id).map((row) => ({ full_name: row.full_name, joined_date: instant(row.joined_at) }));
});

/** Version 7: ids that come one after the other lie beside each other in the tables. */
function newId(now: number): string {
  const time = now.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
const claimMeeting = db.prepare<[string]>(`UPDATE licenses SET meeting_count = meeting_count + 1
  WHERE id = ? AND (max_meetings IS NULL OR meeting_count < max_meetings)`);
const insertMeeting = db.prepare(`INSERT INTO meetings (id, license_id, title, title_key, moderator_password,
  welcome_text, settings, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
route("POST", "create_meeting", 201, "v1.createMeeting", (input, { id: license, max_meetings: limit }) => {
  const title = textIn(input, "title", 255);
  const moderator_password = textIn(input, "moderator_password", 64);
  const welcome_text = textIn(input, "welcome_text", 4000);
  const settings = settingsIn(input);
  const now = Date.now();
  const meeting_id = newId(now);
  const [name, password, welcome] = [title || null, moderator_password || null, welcome_text || null];
  inTransaction(() => {
    if (claimMeeting.run(license).changes === 0) refuse(400, "refusal.MEETING_LIMIT_REACHED", { limit });
    insertMeeting.run(meeting_id, license, name, sortKey(name), password, welcome, settings, now, now);
  });
  return { meeting_id, title, moderator_password, welcome_text, meeting_setting: settingEntries(settings) };
});

const digest = (text: string) => hash("sha256", text, "buffer");
function demandPassword(required: Text, given: string): void {
  if (required !== null && !timingSafeEqual(digest(required), digest(given))) refuse(401, "refusal.INVALID_PASSWORD");
}
const linkKey = Buffer.from(hkdfSync("sha256", env["SECRET_KEY"] ?? "", "", "vconnct join-link", 32));
/** Signed over its parameters by their names, with as many bytes as ours. */
function joinLink(sessionID: string, meetingID: string, role: string, fullName: string, password: string): string {
  const personID = newId(Date.now());
  const signed = JSON.stringify(Object.entries({ fullName, meetingID, password, personID, role, sessionID }));
  const checksum = createHmac("sha256", linkKey).update(signed).digest().toString("hex", 0, 20);
  const query = `fullName=${encodeURIComponent(fullName)}&meetingID=${meetingID}&password=${encodeURIComponent(password)}`;
  return `${env["PUBLIC_URL"]}/api/join?${query}&sessionID=${sessionID}&personID=${personID}&role=${role}&checksum=${checksum}`;
}
const openOf = db.prepare<[string], Session>(`SELECT id, status, title, attendee_password, logout_url
  FROM sessions WHERE meeting_id = ? AND ended_at IS NULL`);
const claimRunning = db.prepare<[string]>(`UPDATE licenses SET running_count = running_count + 1
  WHERE id = ? AND (max_running IS NULL OR running_count < max_running)`);
const insertSession = db.prepare(`INSERT INTO sessions (id, license_id, meeting_id, status, title, welcome_text,
  attendee_password, moderator_name, logout_url, settings, started_at, empty_since, engine)
  VALUES (?, ?, ?, 'RUNNING', ?, ?, ?, ?, ?, ?, ?, ?, 'builtin')`);
route("POST", "start_meeting", 200, "v1.startMeeting", (input, { id: license, max_running: limit }) => {
  const given = textIn(input, "title", 255);
  const attendee = textIn(input, "attendee_password", 64) || null;
  const password = textIn(input, "moderator_password", 64);
  const name = nameIn(input, "moderator_name");
  const logoutUrl = textIn(input, "logout_url", 2048);
  const logout = logoutUrl === "" ? null : new URL(logoutUrl).href;
  const now = Date.now();
  const id = newId(now);
  const meeting = inTransaction(() => {
    const found = meetingIn(input, license);
    const { title, welcome_text, settings } = found;
    demandPassword(found.moderator_password, password);
    if (openOf.get(found.id)) refuse(400, "refusal.MEETING_ALREADY_RUNNING", { fields: "meeting_id" });
    if (claimRunning.run(license).changes === 0) refuse(400, "refusal.RUNNING_LIMIT_REACHED", { limit });
    insertSession.run(id, license, found.id, given || title, welcome_text, attendee, name, logout, settings, now, now);
    return found;
  });
  const shown = meeting.moderator_password === null ? "" : password;
  return { title: given || meeting.title || "", url: joinLink(id, meeting.id, "moderator", name, shown) };
});

/** Hands out a link; nothing is written before somebody enters with it. */
route("POST", "join_meeting", 200, "v1.joinMeeting", (input, { id: license }) => {
  const { role } = input;
  const password = textIn(input, "password", 64);
  const fullName = nameIn(input, "fullname");
  if (role !== "moderator" && role !== "viewer") return refuse(400, "fault.role", { field: "role" });
  const meeting = meetingIn(input, license);
  const open = openOf.get(meeting.id);
  const required = role === "moderator" ? meeting.moderator_password : (open?.attendee_password ?? null);
  demandPassword(required, password);
  if (open?.status !== "RUNNING") return refuse(400, "refusal.MEETING_NOT_RUNNING");
  return { url: joinLink(open.id, meeting.id, role, fullName, required === null ? "" : password) };
});

// Where another peer stands on this door, it listens by itself.
if (process.argv[1]?.endsWith("/raw.js")) await app.listen({ port: Number(env["PORT"]), host: "127.0.0.1" });
