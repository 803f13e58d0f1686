import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError } from "graphql";
import { isObject } from "../../domain/checks.js";
import type { Opened } from "../../services.js";
import { refuse, tellingOf } from "./refuse.js";
import type { Parameters, TrustedDocuments } from "../run/trusted.js";

export const addressOf = (request: FastifyRequest): URL => new URL(request.url, "http://here");

/** An address carries its extensions as a JSON text. */
function extensionsIn(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}

/** What an HTTP request asks with: in its address, or in its body. Nothing where neither can be made sense of. */
export function askedIn(request: FastifyRequest): Parameters {
  if (request.method !== "GET") return isObject(request.body) ? request.body : {};
  const { searchParams } = addressOf(request);
  return { ...Object.fromEntries(searchParams), extensions: extensionsIn(searchParams.get("extensions")) };
}

/** Apollo Server would take a text with a hash beside it for one to remember. */
function withoutHash(extensions: unknown): unknown {
  if (!isObject(extensions)) return extensions;
  const { persistedQuery: _, ...others } = extensions;
  return others;
}

/** From here on it is a request that brings its text, for whatever library reads it next. */
export function putText(request: FastifyRequest, text: string): void {
  const { extensions, ...others } = askedIn(request);
  const kept = extensions == null ? {} : { extensions: withoutHash(extensions) };
  if (request.method !== "GET") {
    request.body = { ...others, ...kept, query: text };
    return;
  }
  const { pathname, searchParams } = addressOf(request);
  searchParams.set("query", text);
  if ("extensions" in kept) searchParams.set("extensions", JSON.stringify(kept.extensions));
  // As Fastify's own `rewriteUrl` does it; the route is found already.
  request.raw.url = `${pathname}?${searchParams.toString()}`;
}

/**
 * Before Apollo Server: an id becomes its text, and nothing else needs to know of ids.
 * @returns whether the request may go on; else it is answered
 */
export function putTextForId(
  trusted: TrustedDocuments,
  opened: Opened,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): boolean {
  const telling = tellingOf(request, opened);
  const found = trusted.textFor(askedIn(request), telling.say, true);
  if (found instanceof GraphQLError) refuse(reply, found, telling);
  else if (found !== undefined) putText(request, found);
  return !(found instanceof GraphQLError);
}
