import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { Context } from "../graphql/context.js";
import { piecesOf } from "../http/pace.js";
import { around } from "./envelope.js";
import { type Operations, type Outcome, PIECE_ROWS } from "./operations.js";
import type { Route } from "./routes.js";

type Read = Context["services"]["storage"]["read"];

/** What a request asks, as often as it has to be asked. */
export interface Asked {
  route: Route;
  variables: Record<string, unknown>;
  /** The request's context, made anew for each page: what was loaded for one is of no use to the next. */
  contextOf(read: Read): Context;
}

interface Page {
  root: unknown;
  next: string | null;
}

/** The text of the whole answer, as if it had been made at once; a page is read when the one before it is taken. */
async function* textOf(
  toData: Route["toData"],
  [before, after]: [string, string],
  first: Page,
  readOn: (after: string) => Promise<Outcome>,
): AsyncGenerator<Buffer> {
  let lead = before;
  for (let page: Page | undefined = first; page; ) {
    const rows = JSON.stringify(toData(page.root)).slice(1, -1);
    yield* piecesOf(Buffer.from(lead + rows));
    lead = ",";
    const outcome: Outcome | undefined = page.next === null ? undefined : await readOn(page.next);
    if (outcome && "refused" in outcome) throw new Error(`a list broke off: ${outcome.refused.messages.join(" ")}`);
    page = outcome;
  }
  yield Buffer.from(after);
}

/**
 * Answers with a list that one page does not hold: piece by piece, all of it from one snapshot, in bounded memory and at
 * its reader's pace. What fails in the middle breaks the line, so that nobody takes a part for the whole.
 * @param answer for what turns out to be no such list after all
 * @throws StorageUnavailable where too many wait already
 */
export async function answerLongList(
  operations: Operations,
  context: Context,
  { route, variables, contextOf }: Asked,
  reply: FastifyReply,
  answer: (outcome: Outcome) => FastifyReply,
): Promise<FastifyReply> {
  const send = (stream: Readable) =>
    reply.code(route.successStatus).type("application/json; charset=utf-8").send(stream);
  // Nobody knows its length before it is written.
  if (reply.request.method === "HEAD") return send(Readable.from([]));

  const snapshot = await context.services.storage.snapshot(context.caller.license.id);
  const readOn = async (after?: string): Promise<Outcome> => {
    const page = { first: PIECE_ROWS, ...(after !== undefined && { after }) };
    return new Promise((resolve) => {
      operations.begin(route.operation, () =>
        resolve(operations.run(route.operation, variables, contextOf(snapshot.read), page)),
      );
    });
  };
  let isHandedOn = false;
  try {
    const first = await readOn();
    if ("refused" in first || first.next === null) return answer(first);
    const envelope = around(route.successStatus, context.say(route.messageKey));
    const text = textOf(route.toData, envelope, first, readOn);
    const stream = Readable.from(text, { objectMode: false, highWaterMark: 1 }).once("close", snapshot.end);
    isHandedOn = true;
    return send(stream);
  } finally {
    if (!isHandedOn) snapshot.end();
  }
}
