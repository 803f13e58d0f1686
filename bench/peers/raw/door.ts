import { hash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import Negotiator from "negotiator";

declare module "fastify" {
  interface FastifyRequest {
    // `language`, a string, is ours too.
    license: License;
  }
}

type Language = "ar" | "en";
type Facts = Record<string, string | number>;

export const env = process.env as Record<string, string>;
const readCatalogue = (language: Language) =>
  JSON.parse(readFileSync(new URL(`../../../messages/${language}.json`, import.meta.url), "utf8")) as Record<
    string,
    string
  >;
const catalogues = { ar: readCatalogue("ar"), en: readCatalogue("en") };

export const db = new Sqlite((env["DATABASE_URL"] ?? "").slice("file:".length));
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.pragma("foreign_keys = ON");

/** One line a request, when it is over, as ours in production. */
class LinesWhenOver extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(err: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    const facts = { req: request, res: { statusCode: reply.statusCode }, responseTime: reply.elapsedTime };
    if (err) reply.log.error({ ...facts, err }, "request errored");
    else reply.log.info(facts, "request completed");
  }
}

export const app = Fastify({
  logController: new LinesWhenOver(),
  logger: {
    level: env["LOG_LEVEL"] ?? "info",
    serializers: {
      req: ({ id, method, routeOptions }) => ({ id, method, route: routeOptions?.url }),
      res: ({ statusCode }) => ({ statusCode }),
    },
  },
  genReqId: () => randomUUID(),
});

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly key: string,
    readonly facts: Facts = {},
  ) {
    super(key);
  }
}

const say = ({ language }: FastifyRequest, key: string) => catalogues[language as Language][key] ?? key;

function refuse(request: FastifyRequest, reply: FastifyReply, { status, key, facts }: Refused) {
  const sentence = say(request, key).replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name]));
  return reply.code(status).send({ status: false, status_code: status, message: "error", error_messages: [sentence] });
}

app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
  if (error instanceof Refused) return refuse(request, reply, error);
  if (error.statusCode === undefined) request.log.error(error);
  const status = error.statusCode ?? 500;
  return refuse(request, reply, new Refused(status, status < 500 ? "fault.request" : "error.internal"));
});

export const success = (request: FastifyRequest, data: unknown, key = "v1.done", status_code = 200) => ({
  status: true,
  status_code,
  message: "success",
  data,
  success_message: say(request, key),
});

// Callers send the same few headers again and again.
const negotiated = new Map<string, Language>();
const MOST_NEGOTIATED = 1000;

function languageOf(header: string | undefined): Language {
  if (header === undefined) return "ar";
  const known = negotiated.get(header);
  if (known) return known;
  const [best = "ar"] = new Negotiator({ headers: { "accept-language": header } }).languages(["ar", "en"]);
  if (negotiated.size < MOST_NEGOTIATED) negotiated.set(header, best as Language);
  return best as Language;
}

export interface License {
  id: string;
  expires_at: number;
  revoked_at: number | null;
  max_meetings: number | null;
  max_running: number | null;
  max_attendance: number | null;
  general_settings: string;
}

const licenseByHash = db.prepare<[string], License>(
  `SELECT id, expires_at, revoked_at, max_meetings, max_running, max_attendance, general_settings
   FROM licenses WHERE key_hash = ? AND is_demo = 0`,
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
  if (request.url === "/health/live") return done();
  const license = typeof key === "string" ? licenseByHash.get(hash("sha256", key)) : undefined;
  if (!license) return done(new Refused(401, "denied.UNAUTHENTICATED"));
  if (license.revoked_at !== null) return done(new Refused(401, "denied.LICENSE_REVOKED"));
  if (license.expires_at <= Date.now()) return done(new Refused(401, "denied.LICENSE_EXPIRED"));
  request.license = license;
  return done();
});

app.get("/health/live", () => ({ status: "live" }));

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function idIn(from: unknown, field: string): string {
  const id = (from as Record<string, unknown>)[field];
  if (id === undefined) throw new Refused(400, "fault.required", { field });
  if (typeof id !== "string" || !uuid.test(id)) throw new Refused(400, "fault.uuid", { field });
  return id.toLowerCase();
}

export function found<Row>(row: Row | undefined, what: "MEETING" | "SESSION"): Row {
  if (row === undefined) throw new Refused(404, `refusal.NOT_FOUND.${what}`);
  return row;
}
