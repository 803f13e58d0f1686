import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import Negotiator from "negotiator";

/*
 * v1 as a careful engineer would write it by hand who wants it fast: no graph, no layers, prepared statements, one
 * mapper a route. What it leaves out of ours: GraphQL and its limits, events and who follows them, versions,
 * idempotency keys, calls counted by the minute, the engine behind a room, what happens while a file is lost or a
 * server ends, the checks of texts to the last letter, and answers to whoever speaks broken HTTP.
 */

declare module "fastify" {
  interface FastifyRequest {
    // `language`, a string, is ours too.
    license: License;
  }
}

type Language = "ar" | "en";

interface License {
  id: string;
  expires_at: number;
  revoked_at: number | null;
}

const env = process.env as Record<string, string>;
const catalogue = (language: Language): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../messages/${language}.json`, import.meta.url), "utf8")) as Record<
    string,
    string
  >;
const catalogues = { ar: catalogue("ar"), en: catalogue("en") };

const db = new Sqlite((env["DATABASE_URL"] ?? "").slice("file:".length));
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.pragma("foreign_keys = ON");

const app = Fastify({
  logger: {
    level: env["LOG_LEVEL"] ?? "info",
    serializers: { req: ({ id, method, routeOptions }) => ({ id, method, route: routeOptions?.url }) },
  },
});

const success = (status_code: number, data: unknown, success_message: string | undefined) => ({
  status: true,
  status_code,
  message: "success",
  data,
  success_message,
});

const say = ({ language }: FastifyRequest, key: string) => catalogues[language as Language][key];

const refuse = (request: FastifyRequest, reply: FastifyReply, status_code: number, key: string) =>
  reply.code(status_code).send({
    status: false,
    status_code,
    message: "error",
    error_messages: [say(request, key)],
  });

// Callers send the same few headers again and again.
const negotiated = new Map<string, Language>();
const MOST_NEGOTIATED = 1000;

function languageOf(header: string | undefined): Language {
  if (header === undefined) return "ar";
  const known = negotiated.get(header);
  if (known) return known;
  const [found = "ar"] = new Negotiator({ headers: { "accept-language": header } }).languages(["ar", "en"]);
  if (negotiated.size < MOST_NEGOTIATED) negotiated.set(header, found as Language);
  return found as Language;
}

const licenseByHash = db.prepare<[string], License>(
  "SELECT id, expires_at, revoked_at FROM licenses WHERE key_hash = ?",
);

app.decorateRequest("language", "ar");
app.decorateRequest("license", null as never);
app.addHook("onRequest", (request, reply, done) => {
  const { license: key } = request.headers;
  request.language = languageOf(request.headers["accept-language"]);
  reply.headers({
    "content-language": request.language,
    vary: "Accept-Language",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  if (!request.url.startsWith("/api/v1/")) return done();
  const license = typeof key === "string" ? licenseByHash.get(hash("sha256", key)) : undefined;
  if (!license) return refuse(request, reply, 401, "denied.UNAUTHENTICATED");
  if (license.revoked_at !== null) return refuse(request, reply, 401, "denied.LICENSE_REVOKED");
  if (license.expires_at <= Date.now()) return refuse(request, reply, 401, "denied.LICENSE_EXPIRED");
  request.license = license;
  return done();
});

app.get("/health/live", () => ({ status: "live" }));

interface Meeting {
  id: string;
  title: string | null;
  moderator_password: string | null;
  welcome_text: string | null;
  is_running: number;
}

const listMeetings = db.prepare<[string], Meeting>(`
  SELECT id, title, moderator_password, welcome_text,
    EXISTS (SELECT 1 FROM sessions WHERE meeting_id = meetings.id AND ended_at IS NULL) AS is_running
  FROM meetings WHERE license_id = ? AND deleted_at IS NULL ORDER BY created_at, id`);

const listedMeeting = (row: Meeting) => ({
  meeting_id: row.id,
  title: row.title ?? "",
  is_running: row.is_running === 1,
  moderator_password: row.moderator_password ?? "",
  welcome_text: row.welcome_text ?? "",
});

app.get("/api/v1/list_meetings/", (request, reply) => {
  const data = listMeetings.all(request.license.id).map(listedMeeting);
  reply.send(success(200, data, say(request, "v1.done")));
});

await app.listen({ port: Number(env["PORT"]), host: "127.0.0.1" });
