import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { MessageKey } from "../../../messages/index.js";
import type { EngineSetting } from "../../engine.js";
import { sendFile } from "./media-file.js";
import { renderNoRecording, renderPlaybackPage } from "./playback-page.js";
import { playedChat } from "./played-chat.js";
import type { DoneAbout } from "./recording-folder.js";
import type { Recordings } from "./recordings.js";
import { MEDIA_SECONDS } from "./signing.js";

interface Addressed {
  session: string;
  key: string;
}

/** Where it was found, and what is known of it. */
interface Found extends Addressed {
  about: DoneAbout;
}

/** Nothing of it is anybody's but theirs who have the address, which is told to nobody else. */
const privately = {
  "cache-control": "private, no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};

const policyOf = (frameAncestors: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src data:",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    `frame-ancestors ${["'self'", ...frameAncestors].join(" ")}`,
  ].join("; ");

/** The address as the page asks for it: `?lang=en`. */
function languageOf({ messages }: EngineSetting, { query, language }: FastifyRequest): string {
  const { lang } = query as { lang?: unknown };
  return messages.languages.find((tag) => tag === lang) ?? language;
}

const nameOf = (tag: string): string => new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;

async function find(recordings: Recordings, { params }: FastifyRequest): Promise<Found | 404 | 403> {
  const { session, key } = params as Addressed;
  const about = await recordings.findDone(session, key);
  if (!about) return 404;
  return about === "HIDDEN" ? 403 : { session, key, about };
}

const refuse = (reply: FastifyReply, status: 404 | 403) =>
  reply.code(status).send({ error: status === 404 ? "there is no such recording" : "it is not published" });

const mediaOf = ({ passes }: Recordings, { session, key }: Addressed): string =>
  `./${key}/media/${passes.make("media", session, MEDIA_SECONDS)}`;

function pageRoute(app: FastifyInstance, setting: EngineSetting, recordings: Recordings): void {
  const { messages, reports } = setting;
  const policy = policyOf(setting.recording.embedOrigins);
  const languages = messages.languages.map((tag) => ({
    tag,
    name: nameOf(tag),
    direction: messages.direction(tag),
  }));
  app.get("/api/recordings/:session/:key", async (request, reply) => {
    const language = languageOf(setting, request);
    const text = (name: MessageKey) => messages.text(language, name);
    const visit = { language, direction: messages.direction(language), text };
    const found = await find(recordings, request);
    reply.header("content-security-policy", policy).type("text/html; charset=utf-8");
    if (typeof found === "number") return reply.code(found).send(renderNoRecording(visit));
    const [first] = found.about.stretches;
    const page = renderPlaybackPage({
      ...visit,
      title: (await reports.sessionNow(found.session))?.title ?? null,
      startedAt: first && new Date(first.startedAt),
      base: `./${found.key}`,
      media: mediaOf(recordings, found),
      languages,
    });
    return reply.send(page);
  });
}

/** What the page asks for, and the file. */
function partRoutes(app: FastifyInstance, { reports }: EngineSetting, recordings: Recordings): void {
  // Asked for when the one before is over.
  app.get("/api/recordings/:session/:key/address", async (request, reply) => {
    const found = await find(recordings, request);
    return typeof found === "number" ? refuse(reply, found) : reply.send({ media: mediaOf(recordings, found) });
  });

  app.get("/api/recordings/:session/:key/chat", async (request, reply) => {
    const found = await find(recordings, request);
    if (typeof found === "number") return refuse(reply, found);
    const { stretches } = found.about;
    return reply.send({ messages: playedChat(await reports.messagesOf(found.session), stretches) });
  });

  // HEAD by itself: the framework's own would read the whole file to tell its length.
  app.route({
    method: ["GET", "HEAD"],
    url: "/api/recordings/:session/:key/media/:pass",
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const found = await find(recordings, request);
      if (typeof found === "number") return refuse(reply, found);
      const { pass } = request.params as { pass: string };
      if (!recordings.passes.isGood(pass, "media", found.session)) {
        return reply.code(403).send({ error: "this address is over" });
      }
      return sendFile(request, reply, recordings.folder.media(found.session));
    },
  });
}

/** Where a recording is watched: by whoever has its address, as long as it is published. */
export function playbackRoutes(app: FastifyInstance, setting: EngineSetting, recordings: Recordings): void {
  app.addHook("onSend", async (_request, reply) => {
    reply.headers(privately);
  });
  pageRoute(app, setting, recordings);
  partRoutes(app, setting, recordings);
}
