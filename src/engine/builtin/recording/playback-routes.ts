import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { etagOf } from "../../../etag.js";
import type { EngineSetting } from "../../engine.js";
import { renderPlaybackPage } from "./playback-page.js";
import { rangeOf } from "./ranges.js";
import type { Recordings } from "./recordings.js";
import { MEDIA_SECONDS } from "./signing.js";

interface Addressed {
  session: string;
  key: string;
}

const privately = { "cache-control": "private, no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex" };

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** A recording's page and its file; whoever has the address may watch, as long as it is published. */
export function playbackRoutes(app: FastifyInstance, setting: EngineSetting, recordings: Recordings): void {
  const { messages } = setting;

  app.addHook("onSend", async (_request, reply) => {
    reply.headers({ "x-content-type-options": "nosniff", ...(!reply.hasHeader("cache-control") && privately) });
  });

  const find = ({ params }: FastifyRequest) => {
    const { session, key } = params as Addressed;
    return recordings.findDone(session, key);
  };

  /** Relative to the page. */
  const mediaAddress = ({ params }: FastifyRequest) => {
    const { session, key } = params as Addressed;
    return `./${key}/media/${recordings.passes.make("media", session, MEDIA_SECONDS)}`;
  };

  app.get("/api/recordings/:session/:key", async (request, reply) => {
    const { language } = request;
    const found = await find(request);
    const page = renderPlaybackPage({
      language,
      direction: messages.direction(language),
      text: (name) => messages.text(language, name),
      media: found && found !== "HIDDEN" ? mediaAddress(request) : undefined,
    });
    return reply
      .code(found === undefined ? 404 : found === "HIDDEN" ? 403 : 200)
      .headers({ "content-security-policy": policy })
      .type("text/html; charset=utf-8")
      .send(page);
  });

  app.get("/api/recordings/:session/:key/media/:pass", async (request, reply) => {
    const { session } = request.params as Addressed;
    const { pass } = request.params as { pass: string };
    const found = await find(request);
    if (!found) return reply.code(404).send({ error: "there is no such recording" });
    if (found === "HIDDEN") return reply.code(403).send({ error: "this recording is not published" });
    if (!recordings.passes.isGood(pass, "media", session))
      return reply.code(403).send({ error: "this address is over" });
    return sendFile(request, reply, recordings.folder.media(session));
  });
}

async function sendFile({ headers, method }: FastifyRequest, reply: FastifyReply, path: string) {
  const { size, mtimeMs } = await stat(path);
  const etag = etagOf(Buffer.from(`${size} ${mtimeMs}`));
  const isSame = headers["if-range"] === undefined || headers["if-range"] === etag;
  const range = isSame ? rangeOf(headers.range, size) : undefined;
  reply.headers({ "accept-ranges": "bytes", etag }).type("video/webm");
  if (range === "NONE") return reply.code(416).header("content-range", `bytes */${size}`).send();
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range) reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  reply.header("content-length", end - start + 1);
  return method === "HEAD" ? reply.send() : reply.send(createReadStream(path, { start, end }));
}
