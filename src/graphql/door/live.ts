import type { FastifyRequest } from "fastify";
import type { Recognized } from "../../domain/license/license.js";
import type { Opened } from "../../services.js";
import type { Context } from "../context.js";
import type { Holdings } from "../run/holdings.js";
import type { Runner } from "../run/runner.js";
import type { TrustedDocuments } from "../run/trusted.js";
import type { Lines } from "./lines.js";

/** What both live doors are made from. */
export interface Live {
  opened: Opened;
  runner: Runner;
  trusted: TrustedDocuments | undefined;
  lines: Lines;
  holdings: Holdings;
  contextOf(request: FastifyRequest): Context;
  contextFor(of: { requestId: string; language: string; recognized: Recognized }): Context;
  /** Whether a page of another origin makes this request. */
  isForeign(request: FastifyRequest): boolean;
}
