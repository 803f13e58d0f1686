import { WebSocket } from "ws";
import type { EngineSetting, Home } from "../../engine.js";

/** A header by which one server knows that a line comes from another one, and not from a person. */
export const FROM_SERVER = "x-vconnct-server";
/** Servers of one database lie close together. */
const CONNECT_MS = 3_000;
/** What a room tells a newcomer is 2 MB at most. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * A line to the rooms of another server.
 * @param language of the person it is for
 * @throws an error where it can't be reached
 */
export function lineTo({ id, address }: Home, { servers }: EngineSetting, language: string): Promise<WebSocket> {
  if (address === null) return Promise.reject(new Error("the other server does not listen yet"));
  const socket = new WebSocket(`${address.replace(/^http/, "ws")}/api/room`, {
    headers: { [FROM_SERVER]: servers.say(id), "accept-language": language },
    handshakeTimeout: CONNECT_MS,
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    // Also later, where it would end the process: the close that follows says enough.
    socket.on("error", reject);
    socket.once("open", () => resolve(socket));
    socket.once("close", () => reject(new Error("the other server closed the line")));
  });
}
