import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionError, FastifyBaseLogger } from "fastify";
import type { Asked, Forms } from "./forms.js";

const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Node keeps here the answer that is being made on a line. */
const answerOn = (socket: Socket) => (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;

/** A refusal written now would stand in the middle of it, or be taken for it. */
const isInTheWay = (answer: ServerResponse): boolean => answer.headersSent || answer.req.complete;

/** As far as it can be told from what was received. */
function askedIn(received: string): Asked {
  const [, url] = /^[A-Z]+ (\S+)/.exec(received) ?? [];
  const [, language] = /^accept-language:(.*)$/im.exec(received) ?? [];
  return { url, headers: language === undefined ? {} : { "accept-language": language.trim() } };
}

/** Lines that were refused: what comes on them until they are closed is no request any more. */
const refused = new WeakSet<Socket>();

/** How long a refused line may stay open from the other side. */
const DESTROY_MS = 1_000;

/**
 * Bytes that are no HTTP, be it in the middle of a body, headers that are too long or too slow: refused in a door's form,
 * and the line is closed.
 */
export const refuseBrokenRequests =
  (forms: Forms, log: FastifyBaseLogger | undefined) =>
  (error: ConnectionError, socket: Socket): void => {
    const { code, rawPacket } = error as ConnectionError & { rawPacket?: Buffer };
    if (code === "ECONNRESET" || socket.destroyed || refused.has(socket)) return;
    const isLate = code === "ERR_HTTP_REQUEST_TIMEOUT";
    log?.info({ code }, isLate ? "a request that did not come in time" : "a request that is no HTTP");
    // A late request may have been answered already, and its sender would take this for the answer to its next one.
    const isAnswered = isLate && socket.bytesWritten > 0;
    const answer = answerOn(socket);
    if (!socket.writable || isAnswered || (answer && isInTheWay(answer))) {
      socket.destroy();
      return;
    }
    const asked = answer?.req ?? askedIn(rawPacket?.toString("latin1") ?? "");
    refused.add(socket);
    forms.refuseLine(socket, statuses[code] ?? 400, asked);
    setTimeout(() => socket.destroy(), DESTROY_MS).unref();
  };
