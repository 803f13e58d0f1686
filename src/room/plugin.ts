import type { FastifyInstance, FastifyRequest } from "fastify";
import { findOpening, type LinkRefusal, sendOn } from "../domain/entering/opening.js";
import { Refusal } from "../domain/refusal.js";
import type { MessageKey } from "../messages/index.js";
import type { Opened } from "../services.js";
import { renderDoorPage } from "./door-page.js";
import { renderRefusalPage } from "./refusal-page.js";

/** link-3: why a link does not open. */
const statuses = {
  LINK_TAMPERED: 403,
  SESSION_OVER: 410,
  REMOVED: 403,
  ATTENDANCE_LIMIT_REACHED: 409,
  ENGINE_FAILED: 502,
} as const satisfies Record<LinkRefusal, number>;

const isOfTheDoor = (code: string): code is LinkRefusal => Object.hasOwn(statuses, code);

const queryOf = ({ raw }: FastifyRequest): string => {
  const url = raw.url ?? "";
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
};

/**
 * Nothing from other servers, nothing inline; the socket's address said out loud, which older browsers need.
 * @param leadsTo where the page's button goes on to, which browsers count as a part of the form's way
 */
function contentSecurityPolicy({ config, publicUrl }: Opened, leadsTo?: string): string {
  const socket = new URL(publicUrl()).origin.replace(/^http/, "ws");
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${socket}`,
    "base-uri 'none'",
    // From there it may be sent on once more, within a group of the engine's servers.
    `form-action 'self'${leadsTo === undefined ? "" : ` ${new URL(leadsTo).origin} https:`}`,
    // No text becomes code or markup. One exception may be made, once: the clock of a recording, a worker of one address.
    "require-trusted-types-for 'script'",
    "trusted-types clock",
    `frame-ancestors ${["'self'", ...config.embedOrigins].join(" ")}`,
  ].join("; ");
}

/**
 * The visitors' door. `GET` of a join link looks and writes nothing, sets no cookie, so that previews, prerendering and
 * embedding do no harm; `POST` of the same address sends on to an engine that has its own pages (enter-1).
 */
export function roomDoor(app: FastifyInstance, opened: Opened): void {
  const { services, messages } = opened;
  const html = "text/html; charset=utf-8";

  app.addHook("onSend", async (request, reply) => {
    if (!request.routeOptions.url?.startsWith("/api/join")) return;
    // The link is a credential (link-5).
    reply.header("cache-control", "no-store");
    reply.header("referrer-policy", "no-referrer");
    reply.header("x-robots-tag", "noindex");
    reply.header("x-content-type-options", "nosniff");
    // The room's own, and of nobody whom a page could show in a frame.
    reply.header("permissions-policy", "camera=(self), microphone=(self), display-capture=(self)");
    if (!reply.hasHeader("content-security-policy")) {
      reply.header("content-security-policy", contentSecurityPolicy(opened));
    }
  });

  app.setErrorHandler((error, { language }, reply) => {
    if (!(error instanceof Refusal) || !isOfTheDoor(error.code)) throw error;
    const direction = messages.direction(language);
    const heading = messages.text(language, `page.refused.${error.code}.heading`);
    const explanation = messages.text(language, `page.refused.${error.code}.explanation`);
    const page = renderRefusalPage({ language, direction, heading, explanation });
    return reply.code(statuses[error.code]).type(html).send(page);
  });

  app.get("/api/join", async (request, reply) => {
    const { language } = request;
    const { room, entrance, isFull } = await findOpening(services, queryOf(request));
    if ("page" in entrance) {
      const status = isFull ? statuses.ATTENDANCE_LIMIT_REACHED : 200;
      return reply.code(status).type(html).send(entrance.page(language, isFull));
    }
    const direction = messages.direction(language);
    const text = (key: MessageKey) => messages.text(language, key);
    // The link is known to be unchanged.
    const person = new URLSearchParams(queryOf(request)).get("fullName") ?? "";
    const page = renderDoorPage({ ...room, person, language, direction, text });
    return reply
      .header("content-security-policy", contentSecurityPolicy(opened, entrance.address(language)))
      .type(html)
      .send(page);
  });

  app.post("/api/join", async (request, reply) => {
    const { entrance } = await sendOn(services, queryOf(request));
    if ("address" in entrance) return reply.redirect(entrance.address(request.language), 303);
    const { language } = request;
    const allowed = "GET, HEAD";
    const error = messages.text(language, "error.methodNotAllowed", { method: "POST", allowed });
    return reply.code(405).header("allow", allowed).send({ error });
  });
}
