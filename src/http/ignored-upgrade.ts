import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

interface Offered {
  server: Server;
  request: IncomingMessage;
  socket: Socket;
  /** What came behind the request's headers: its body, and requests after it. */
  head: Buffer;
  line: AnsweredLine;
}

/** A line, and what it still waits for. */
export interface AnsweredLine {
  readonly answers: ReadonlySet<ServerResponse>;
  /** Called once, when the next of them is over. Node's own listeners to a large answer are nearly as many as it allows. */
  afterAnswer: (() => void) | undefined;
}

/** Node keeps no more pairs of a request than this by itself. */
const MOST_HEADERS = 1_000;

const tooManyHeaders = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/** As it came, byte for byte, but for the one header: its body's length and form must stay what they are. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.toLowerCase() !== "upgrade") lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

/** This is no proxy, and Node has stopped reading the line. */
export function refuseTunnel(server: Server, request: IncomingMessage, socket: Socket): void {
  socket.on("error", () => socket.destroy());
  server.emit(
    "clientError",
    Object.assign(new Error("a tunnel"), { code: "CONNECT", rawPacket: headOf(request) }),
    socket,
  );
}

/**
 * A server may ignore an upgrade (RFC 9110, 7.8). Node's does not: it stops reading the line as HTTP and leaves the
 * body unread. So the line is given to the server anew, and what it has sent is read once more, without the offer.
 */
export function asIfNeverOffered({ server, request, socket, head, line }: Offered): void {
  // Node has taken its own listeners off, and an answer may still be on its way.
  const gone = () => socket.destroy();
  const goOn = () => [...line.answers][0]?.emit("drain");
  socket.on("error", gone).on("drain", goOn);
  const readAgain = () => {
    if (line.answers.size > 0) {
      line.afterAnswer = () => setImmediate(readAgain);
      return;
    }
    socket.off("error", gone).off("drain", goOn);
    if (socket.destroyed) return;
    // Headers may be missing, and without its length a body would be read as a request.
    if (request.rawHeaders.length >= 2 * MOST_HEADERS) {
      socket.on("error", gone).write(tooManyHeaders);
      socket.destroySoon();
      return;
    }
    socket.unshift(Buffer.concat([headOf(request), head]));
    server.emit("connection", socket);
  };
  readAgain();
}
