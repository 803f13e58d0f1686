import { GraphQLError } from "graphql";
import type { Denial } from "../../domain/license/license.js";
import { limits, MOST_OPERATIONS } from "./limits.js";

/** 15,000: by `Intl` the first number takes 16 ms of each start. */
const grouped = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/**
 * Every `extensions.code` there is, with what it means; docs/graphql.md prints this list (a test compares), and a code
 * that is not in it does not leave the server.
 */
export const errorCodes = {
  UNAUTHENTICATED: "No license key or access token, or none we know. HTTP 401.",
  LICENSE_EXPIRED: "The license is past its expiration date. HTTP 401.",
  LICENSE_REVOKED: "The operator revoked the license. HTTP 401.",
  TOKEN_INVALID: "The access token is not one of ours. HTTP 401.",
  TOKEN_EXPIRED: "The access token is past its time: make a new one. HTTP 401.",
  TOKEN_REVOKED: "The access token was revoked. HTTP 401.",
  FORBIDDEN: "The access token may not do this; `requiredScopes` says what it lacks. Only that field is null.",
  BAD_USER_INPUT: "An argument or a variable can't be used; the message names it.",
  BAD_REQUEST: "The request is no GraphQL request we take: its body, its headers or its method.",
  GRAPHQL_PARSE_FAILED: `The document is not GraphQL, or has more than ${grouped(limits.tokens)} tokens.`,
  GRAPHQL_VALIDATION_FAILED: "The document does not fit the schema.",
  OPERATION_RESOLUTION_FAILURE: "The document has several operations, or none of that name: send `operationName`.",
  OPERATION_TOO_LARGE:
    "Too deep, too many aliases, root fields or repeats, or too dear; `limit` and `cost` say how much.",
  RATE_LIMITED: "The license's points of this minute are spent; `Retry-After` says when to come back. HTTP 429.",
  TOO_MANY_OPERATIONS: `One socket runs ${MOST_OPERATIONS} operations already.`,
  TOO_MANY_SUBSCRIPTIONS:
    "As many subscriptions as this key, token or all tokens may have are open; `limit` says how many.",
  TOO_MANY_LINES: "As many sockets and streams as this key, token or all tokens may have are open. HTTP 429, or 1013.",
  PERSISTED_QUERY_NOT_FOUND: "No document of this id is known: send the document with it.",
  PERSISTED_QUERY_ID_REQUIRED: "This server takes operations by their ids only.",
  QUERY_TOO_SLOW:
    "Too many rows would have to be looked through for this filter: narrow it by a time, `createdAt` or `startedAt`.",
  ENGINE_FAILED:
    "The engine that keeps a recording did not tell its address; the message says whether to ask again. Only that field is null.",
  SERVICE_UNAVAILABLE: "The database can't take this now, or the server is stopping; nothing was changed. HTTP 503.",
  INTERNAL_SERVER_ERROR: "A fault on our side; tell us its `requestId`.",
} as const;

export type ErrorCode = keyof typeof errorCodes;

export const isErrorCode = (code: unknown): code is ErrorCode => typeof code === "string" && code in errorCodes;

export const INTERNAL = "INTERNAL_SERVER_ERROR" satisfies ErrorCode;

/** What an error asks of an answer's beginning, over whatever it is answered. */
export interface Head {
  status: number;
  headers?: Readonly<Record<string, string>>;
}

interface More {
  /** Never shown. */
  http?: Head | undefined;
  [fact: string]: unknown;
}

/** An error with one of our codes. */
export const fault = (code: ErrorCode, message: string, more: More = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more } });

/** Who are you: the one answer to it, the same on every operation. */
export const deniedFault = (denied: Denial, message: string): GraphQLError =>
  fault(denied, message, { http: { status: 401 } });

/** An argument of a query that can't be used; queries have no result unions to say it in. */
export const badArgument = (message: string): GraphQLError => fault("BAD_USER_INPUT", message);

/** Nobody's fault, nothing was changed, and it may be tried again. */
export const unavailableFault = (message: string): GraphQLError =>
  fault("SERVICE_UNAVAILABLE", message, { http: { status: 503, headers: { "retry-after": "1" } } });
