import type { FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { Recognized } from "../../domain/license.js";
import type { Opened } from "../../services.js";
import type { Context } from "../context.js";
import type { Admission } from "../run/admission.js";
import type { TrustedDocuments } from "../run/trusted.js";
import type { LiveConnections } from "./lines.js";

/** What both live doors are made from. */
export interface Live {
  opened: Opened;
  schema: GraphQLSchema;
  admit: Admission;
  trusted: TrustedDocuments | undefined;
  connections: LiveConnections;
  contextOf(request: FastifyRequest): Context;
  contextFor(of: { requestId: string; language: string; recognized: Recognized }): Context;
  /** Whether a page of another origin makes this request. */
  isForeign(request: FastifyRequest): boolean;
}
