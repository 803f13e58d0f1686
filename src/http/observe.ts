import { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../config.js";

/** A request is named by its route, never by its address: a join link's query is a credential (link-5). */
const routeOf = (request: FastifyRequest): string => request.routeOptions?.url ?? "(none)";

const requestFields = (request: FastifyRequest) => ({
  id: request.id,
  method: request.method,
  route: routeOf(request),
});

/** Standard output; where nobody hears it any more (a terminal that was closed), the server goes on without. */
function standardOutput(): DestinationStream {
  const out = pino.destination({ dest: 1, sync: true });
  out.on("error", () => {});
  return out;
}

/** For a person who watches: time, message, and the id by which an answer's `requestId` is found again. */
async function readable(destination: DestinationStream): Promise<DestinationStream> {
  // Only here, because a server in production needs none of it.
  const { default: pretty } = await import("pino-pretty");
  return pretty({
    destination: destination as never,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "pid,hostname,reqId",
    messageFormat: "{msg}{if reqId} {reqId}{end}",
  });
}

/**
 * The server's log: no headers, no addresses with their query, no bodies. JSON lines in production.
 * @param elsewhere takes them instead of standard output, as JSON lines
 */
export async function openLog(
  { logLevel, isProduction }: Pick<Config, "logLevel" | "isProduction">,
  elsewhere?: DestinationStream,
): Promise<Logger> {
  const options = {
    level: logLevel,
    serializers: { req: requestFields as never },
    // A second net: these must not be given to the log in the first place.
    redact: ["license", "key", "password", "link", "*.license", "*.key", "*.password", "*.link"],
  };
  if (elsewhere) return pino(options, elsewhere);
  return pino(options, isProduction ? standardOutput() : await readable(standardOutput()));
}

const isSocket = ({ headers }: FastifyRequest): boolean => headers.upgrade?.toLowerCase() === "websocket";

/** One short line a request, when it is over; a socket's when it comes, because it may stay for hours. */
class ShortLines extends LogController {
  override incomingRequest(request: FastifyRequest): void {
    if (isSocket(request)) request.log.info(`${request.method} ${routeOf(request)} (socket)`);
  }

  override requestCompleted(error: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    const line = `${request.method} ${routeOf(request)} ${reply.statusCode} ${Math.round(reply.elapsedTime)} ms`;
    if (error) reply.log.error({ err: error }, line);
    else if (!isSocket(request)) reply.log.info(line);
  }
}

/** How requests are logged: for machines a line as each comes and one as it is over, for people one short line. */
export const requestLines = ({ isProduction }: Pick<Config, "isProduction">): LogController =>
  isProduction ? new LogController() : new ShortLines();
