import type { FastifyRequest } from "fastify";
import { type Logger, pino } from "pino";
import type { Config } from "../config.js";

/** A request is named by its route, never by its address: a join link's query is a credential (link-5). */
const requestFields = (request: FastifyRequest) => ({
  id: request.id,
  method: request.method,
  route: request.routeOptions?.url ?? "(none)",
});

/** The server's log: JSON lines; no headers, no addresses with their query, no bodies. */
export const openLog = ({ logLevel }: Pick<Config, "logLevel">): Logger =>
  pino({
    level: logLevel,
    serializers: { req: requestFields as never },
    // A second net: these must not be given to the log in the first place.
    redact: ["license", "key", "password", "link", "*.license", "*.key", "*.password", "*.link"],
  });
