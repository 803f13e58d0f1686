import cors from "@fastify/cors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Opened } from "../../services.js";

/** How long a browser need not ask again what pages of other origins may; Chromium keeps nothing longer. */
const PREFLIGHT_SECONDS = 7_200;

/**
 * Pages of the listed origins may call with an access token; the license's key is not among the headers they may send,
 * because whoever opens such a page could read it.
 */
const crossOrigin = (origins: readonly string[]) => ({
  origin: [...origins],
  methods: ["GET", "POST"],
  allowedHeaders: [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "x-apollo-operation-name",
  ],
  exposedHeaders: ["content-language", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"],
  maxAge: PREFLIGHT_SECONDS,
  strictPreflight: false,
});

/** At /graphql and below it only: the plugin takes OPTIONS at every address, v1's too, which answers it with a 405. */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  app.addHook("onRoute", (route) => {
    if (route.method === "OPTIONS" && route.url === "*") route.url = "/graphql*";
    if (!route.url.startsWith("/graphql")) route.config = { ...route.config, cors: false };
  });
  await app.register(cors, crossOrigin(origins));
}

/** Whether a page of another origin than ours makes the request; what is no browser sends no Origin. */
export const foreigners =
  ({ publicUrl }: Opened) =>
  ({ headers: { origin, host } }: FastifyRequest): boolean => {
    if (origin === undefined || origin === new URL(publicUrl()).origin) return false;
    return !URL.canParse(origin) || new URL(origin).host !== host;
  };

/** A socket knows no CORS: what is checked elsewhere by browsers is checked here before it opens. */
export const refuseForeignSockets =
  (isForeign: (request: FastifyRequest) => boolean, origins: readonly string[]) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin = "" } = request.headers;
    if (request.ws && isForeign(request) && !origins.includes(origin)) return reply.code(403).send();
    return undefined;
  };
