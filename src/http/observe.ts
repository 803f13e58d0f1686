import { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../config.js";
import { atTurnsEnd } from "../turns-end.js";

/** A request is named by its route, never by its address: a join link's query is a credential (link-5). */
const routeOf = (request: Pick<FastifyRequest, "routeOptions">): string => request.routeOptions?.url ?? "(none)";

const requestFields = (request: FastifyRequest) => ({
  id: request.id,
  method: request.method,
  route: routeOf(request),
});

/** Letters that wait at most: what a pipe takes as one, which another process' lines do not cut. */
const MOST_WAITING = 4 * 1024;
/** How a line begins that tells of no fault. */
const ORDINARY = `{"level":${pino.levels.values["info"]},`;

/**
 * Writes what is told in one turn of the event loop at its end, all of it by one call of the system's: for a small answer
 * one of its own would cost a tenth. A line of a fault waits for nothing, and takes along what was told before it.
 */
function inTurns(out: DestinationStream): DestinationStream {
  let waiting = "";
  const write = () => {
    const lines = waiting;
    waiting = "";
    if (lines !== "") out.write(lines);
  };
  process.on("exit", write);
  return {
    write(line) {
      if (waiting.length + line.length > MOST_WAITING) write();
      if (waiting === "") atTurnsEnd(write);
      waiting += line;
      if (!line.startsWith(ORDINARY)) write();
    },
  };
}

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
  return pino(options, isProduction ? inTurns(standardOutput()) : await readable(standardOutput()));
}

const isSocket = ({ headers }: FastifyRequest): boolean => headers.upgrade?.toLowerCase() === "websocket";

/** A request that was answered, as the log tells it. */
interface Over {
  request: Pick<FastifyRequest, "id" | "method" | "routeOptions">;
  status: number;
  /** Milliseconds. */
  took: number;
  err?: Error | null;
}

/** What is given to the log: facts and a message. */
type Line = [facts: object, message: string];

interface Lines {
  comes(request: FastifyRequest): Line;
  isOver(over: Over): Line;
}

const forMachines: Lines = {
  comes: (request) => [{ req: request }, "incoming request"],
  isOver({ request, status, took, err }) {
    const res = { statusCode: status };
    if (err) return [{ req: request, res, err, responseTime: took }, "request errored"];
    return [{ req: request, res, responseTime: took }, "request completed"];
  },
};

const forPeople: Lines = {
  comes: (request) => [{}, `${request.method} ${routeOf(request)} (socket)`],
  isOver: ({ request, status, took, err }) => [
    err ? { err } : {},
    `${request.method} ${routeOf(request)} ${status} ${Math.round(took)} ms`,
  ],
};

/** One line a request, when it is over; a socket's when it comes, because it may stay for hours. */
export class RequestLines extends LogController {
  readonly #lines: Lines;
  readonly #log: FastifyBaseLogger | undefined;

  constructor({ isProduction }: Pick<Config, "isProduction">, log: FastifyBaseLogger | undefined) {
    super();
    this.#lines = isProduction ? forMachines : forPeople;
    // Without the net: it costs four times the line itself, and nothing in these lines comes from a caller.
    this.#log = log?.child({}, { redact: [] });
  }

  override incomingRequest(request: FastifyRequest): void {
    if (isSocket(request)) request.log.info(...this.#lines.comes(request));
  }

  override requestCompleted(err: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    const { statusCode: status, elapsedTime: took } = reply;
    if (err) reply.log.error(...this.#lines.isOver({ request, status, took, err }));
    else if (!isSocket(request)) this.answered({ request, status, took });
  }

  /** Also called for one that the framework has not seen. */
  answered(over: Over): void {
    const [facts, message] = this.#lines.isOver(over);
    this.#log?.info({ reqId: over.request.id, ...facts }, message);
  }
}
