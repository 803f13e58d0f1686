import type { Socket } from "node:net";
import type { ConnectionError, FastifyBaseLogger } from "fastify";
import type { Forms } from "./forms.js";

const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Node keeps here the answer that is being made on a line; a refusal written now would stand in the middle of it. */
const isAnswering = (socket: Socket): boolean => (socket as { _httpMessage?: unknown })._httpMessage != null;

/** How long a refused line may stay open from the other side. */
const DESTROY_MS = 1_000;

/** Bytes that are no HTTP, headers that are too long or too slow: refused in a door's form, and the line is closed. */
export const refuseBrokenRequests =
  (forms: Forms, log: FastifyBaseLogger | undefined) =>
  (error: ConnectionError, socket: Socket): void => {
    const { code, rawPacket } = error as ConnectionError & { rawPacket?: Buffer };
    if (code === "ECONNRESET" || socket.destroyed) return;
    log?.info({ code }, "a request that is no HTTP");
    // A late request may have been answered already, and its sender would take this for the answer to its next one.
    const isAnswered = code === "ERR_HTTP_REQUEST_TIMEOUT" && socket.bytesWritten > 0;
    if (!socket.writable || isAnswered || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    forms.refuseBytes(socket, statuses[code] ?? 400, rawPacket?.toString("latin1") ?? "");
    setTimeout(() => socket.destroy(), DESTROY_MS).unref();
  };
