import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { findLinkedRoom, type LinkRefusal } from "../domain/enter-room.js";
import { Refusal, type RefusalCode } from "../domain/refusal.js";
import type { Opened } from "../services.js";
import { renderRefusalPage } from "./refusal-page.js";

/** link-3: why a link does not open. */
const refusals = {
  LINK_TAMPERED: { status: 403, page: "Tampered" },
  SESSION_OVER: { status: 410, page: "Ended" },
  ATTENDANCE_LIMIT_REACHED: { status: 409, page: "Full" },
} as const satisfies Record<LinkRefusal, { status: number; page: string }>;

const isLinkRefusal = (code: RefusalCode): code is LinkRefusal => code in refusals;

const queryOf = ({ raw }: FastifyRequest): string => {
  const url = raw.url ?? "";
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
};

/** Nothing from other servers, nothing inline; the socket's address said out loud, which older browsers need. */
function contentSecurityPolicy({ config, publicUrl }: Opened): string {
  const socket = new URL(publicUrl()).origin.replace(/^http/, "ws");
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${socket}`,
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${["'self'", ...config.embedOrigins].join(" ")}`,
  ].join("; ");
}

/**
 * The visitors' door: `GET` of a join link looks and writes nothing, sets no cookie, so that previews, prerendering and
 * embedding do no harm (enter-1).
 */
export function roomDoor(app: FastifyInstance, opened: Opened): void {
  const { services, messages } = opened;

  app.addHook("onSend", async (request, reply) => {
    if (!request.routeOptions.url?.startsWith("/api/join")) return;
    // The link is a credential (link-5).
    reply.header("cache-control", "no-store");
    reply.header("referrer-policy", "no-referrer");
    reply.header("x-robots-tag", "noindex");
    reply.header("x-content-type-options", "nosniff");
    reply.header("content-security-policy", contentSecurityPolicy(opened));
  });

  const refuse = (reply: FastifyReply, language: string, error: unknown) => {
    if (!(error instanceof Refusal) || !isLinkRefusal(error.code)) throw error;
    const { status, page } = refusals[error.code];
    const heading = messages.text(language, `page.refused${page}.heading`);
    const explanation = messages.text(language, `page.refused${page}.explanation`);
    const direction = messages.direction(language);
    return reply
      .code(status)
      .type("text/html; charset=utf-8")
      .send(renderRefusalPage({ language, direction, heading, explanation }));
  };

  app.get("/api/join", async (request, reply) => {
    try {
      const { room, person } = await findLinkedRoom(services, queryOf(request));
      const html = services.engine.entrance(room, person).html(request.language);
      return await reply.type("text/html; charset=utf-8").send(html);
    } catch (error) {
      return refuse(reply, request.language, error);
    }
  });
}
