import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { etagOf } from "../../../etag.js";

/** A player that asks for all that follows is given so much at a time: it asks on, and holds no line while it is full. */
const MOST_AT_ONCE = 4 * 1024 * 1024;

export interface Range {
  start: number;
  /** The last byte, too. */
  end: number;
}

/**
 * What a `Range` header asks for (RFC 9110, 14). Several at once are answered whole, as it allows, and one without an end
 * in part.
 * @returns undefined: all of it; "NONE": there is nothing there
 */
export function rangeOf(header: string | undefined, size: number): Range | "NONE" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Number(last);
    return length === 0 || size === 0 ? "NONE" : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) return "NONE";
  const end = last === "" ? start + MOST_AT_ONCE - 1 : Number(last);
  return { start, end: Math.min(end, size - 1) };
}

/** A file that never changes under its address; a part of it where one is asked for. */
export async function sendFile({ headers, method }: FastifyRequest, reply: FastifyReply, path: string) {
  const { size, mtimeMs } = await stat(path);
  const etag = etagOf(`${size} ${mtimeMs}`);
  const isSame = headers["if-range"] === undefined || headers["if-range"] === etag;
  const range = method === "GET" && isSame ? rangeOf(headers.range, size) : undefined;
  reply.headers({ "accept-ranges": "bytes", etag }).type("video/webm");
  if (range === "NONE") return reply.code(416).header("content-range", `bytes */${size}`).send();
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range) reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  reply.header("content-length", end - start + 1);
  return method === "HEAD" ? reply.send() : reply.send(createReadStream(path, { start, end }));
}
