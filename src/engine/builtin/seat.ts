import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { EntryRefusal, Person } from "../engine.js";
import type { Frame } from "./frames.js";

/** v1 decisions, enter-2 to drain-1. */
export const closeCodes = {
  left: 1000,
  restart: 1012,
  tryAgain: 1013,
  TOO_OFTEN: 1013,
  ended: 4000,
  elsewhere: 4001,
  REMOVED: 4002,
  PROTOCOL: 4400,
  LINK_TAMPERED: 4403,
  ATTENDANCE_LIMIT_REACHED: 4409,
  SESSION_OVER: 4410,
} satisfies Record<EntryRefusal | "PROTOCOL" | "TOO_OFTEN", number> & Record<string, number>;

/** A WebSocket, and what carries it. */
export interface Line {
  socket: WebSocket;
  carrier: Pick<Socket, "write" | "cork" | "uncork">;
}

/** A person's place in a room: with a line, or held for a while without one. */
export interface Seat {
  person: Person;
  sessionId: string;
  line: Line | undefined;
  holdTimer?: NodeJS.Timeout | undefined;
}

/** How long a closed line may stay open from the other side. */
const TERMINATE_MS = 2000;
/** More than 200 of the longest messages, which who comes back is told at once. */
const MAX_QUEUED_BYTES = 3_000_000;

/** Who does not read is cut off before much is queued for them; the page comes back by itself. */
export function mayBeTold(socket: WebSocket): boolean {
  if (socket.bufferedAmount > MAX_QUEUED_BYTES) socket.terminate();
  return socket.readyState === socket.OPEN;
}

export function send(socket: WebSocket, frame: Frame): void {
  if (mayBeTold(socket)) socket.send(JSON.stringify(frame));
}

/**
 * Messages that are framed already, in one write: what many are told is made once, and costs each of them no more than
 * its bytes. Nothing is compressed here, so the library holds nothing back that would have to come before.
 */
export function sendBytes({ socket, carrier }: Line, parts: readonly Buffer[]): void {
  if (!mayBeTold(socket)) return;
  carrier.cork();
  for (const part of parts) carrier.write(part);
  carrier.uncork();
}

/** The process ends: the page comes back to the next one. */
export function cutForRestart(socket: WebSocket): void {
  socket.close(closeCodes.restart, "restarting");
  // Who does not answer the close must not hold up the end of the process.
  setTimeout(() => socket.terminate(), TERMINATE_MS).unref();
}
