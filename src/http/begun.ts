import type { IncomingMessage } from "node:http";
import { newId } from "../ids.js";

/** A request that was begun before the framework made anything of it, and is handed to it after all. */
export interface Begun {
  id: string;
  /** As it was read; where it has none, or it is still on the line, left out. */
  body?: Buffer | undefined;
}

const handedOver = new WeakMap<IncomingMessage, Begun>();

export const handOver = (request: IncomingMessage, begun: Begun): void => void handedOver.set(request, begun);

export const begunOf = (request: IncomingMessage): Begun | undefined => handedOver.get(request);

/** The request's id: one for all that is logged and told of it. */
export const idOf = (request: IncomingMessage): string => begunOf(request)?.id ?? newId();

/** A larger body is read by the framework's way. */
const SMALL_BYTES = 16 * 1024;

/** As nearly every program spells it. */
const jsonTypes = new Set(["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"]);

/** Whether a body comes along that is as nearly all are: JSON, small, its length told. */
export const hasSmallJson = ({ headers }: IncomingMessage): boolean =>
  jsonTypes.has(headers["content-type"] ?? "") &&
  headers["transfer-encoding"] === undefined &&
  Number(headers["content-length"]) <= SMALL_BYTES &&
  headers["content-length"] !== "0";

/**
 * Takes the body where all of it came with the head, as nearly all do. Called back once what came has been read off the
 * line, with undefined where more is to come: then nothing was taken.
 */
export function takeBody(request: IncomingMessage, done: (bytes: Buffer | undefined) => void): void {
  process.nextTick(() => {
    // By its length: that the message is over Node says a moment later.
    if (request.readableLength !== Number(request.headers["content-length"])) return done(undefined);
    const bytes = request.read() as Buffer;
    // To its end, which comes by itself only where somebody reads on.
    request.resume();
    return done(bytes);
  });
}
