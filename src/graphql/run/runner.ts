import { createHash } from "node:crypto";
import type { ExecutionArgs, GraphQLError, GraphQLSchema } from "graphql";
import { LRUCache } from "lru-cache";
import type { Context } from "../context.js";
import { Admission, type AdmissionSetting } from "./admission.js";
import { fault } from "./codes.js";
import type { Operation, Variables } from "./operation.js";
import { Text } from "./text.js";

/** What a request asks of a text. */
export interface Asked {
  operationName?: string | null | undefined;
  variables?: Variables | null | undefined;
}

/** An operation that may begin; its form is the one in which libraries of the doors hand it on. */
export interface Prepared extends ExecutionArgs {
  operation: Operation;
  contextValue: Context;
  variableValues: Variables;
}

export interface RunnerSetting extends AdmissionSetting {
  schema: GraphQLSchema;
}

/** All texts that are not kept for ever: of keys together, and of everyone else. */
const MOST_BYTES = 16 * 1024 * 1024;

/** By their hashes, because a text of many letters and few tokens should not be its own key. */
const recentTexts = () => new LRUCache<string, Text>({ maxSize: MOST_BYTES, sizeCalculation: ({ bytes }) => bytes });

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Runs what is asked by text, the same for every door: read once, admitted each time. */
export class Runner {
  readonly #schema: GraphQLSchema;
  readonly #admission: Admission;
  readonly #ofKeys = recentTexts();
  /** Apart, so that no page pushes out what a server sends: the server would pay for reading it anew. */
  readonly #ofOthers = recentTexts();
  readonly #kept = new Map<string, Text>();

  constructor({ schema, ...setting }: RunnerSetting) {
    this.#schema = schema;
    this.#admission = new Admission(setting);
  }

  /** Parsed and validated, now or before. */
  text(query: string): Text {
    const hash = hashOf(query);
    return this.#textOf(hash, query, this.known(hash), false);
  }

  #textOf(hash: string, query: string, known: Text | undefined, isOfKey: boolean): Text {
    const text = known ?? new Text(this.#schema, query);
    if (!this.#kept.has(hash)) (isOfKey ? this.#ofKeys : this.#ofOthers).set(hash, text);
    return text;
  }

  /** The text that a caller brings, which is paid for; or why it is not even read. */
  read(context: Context, query: string): Text | readonly GraphQLError[] {
    const refused = this.#admission.beforeReading(context);
    if (refused.length > 0) return refused;
    const hash = hashOf(query);
    const known = this.known(hash);
    const isOfKey = context.known !== undefined && !context.known.caller.grant;
    const text = this.#textOf(hash, query, known, isOfKey);
    this.#admission.payReading(context, text, known !== undefined);
    return text;
  }

  /** Never forgotten. */
  keep(query: string): Text {
    const text = this.text(query);
    this.#kept.set(hashOf(query), text);
    return text;
  }

  /** What was read before, by its text's SHA-256 in hexadecimal digits. */
  known(hash: string): Text | undefined {
    return this.#kept.get(hash) ?? this.#ofKeys.get(hash) ?? this.#ofOthers.get(hash);
  }

  /** Ready to run, or why it may not begin; each error has the status of an answer that is nothing else. */
  prepare(
    contextValue: Context,
    text: Text | readonly GraphQLError[],
    { operationName, variables }: Asked,
  ): Prepared | readonly GraphQLError[] {
    if (!(text instanceof Text)) return text;
    if (text.faults.length > 0) return text.faults;
    const operation = text.operation(operationName);
    if (!operation) {
      const message = contextValue.say("error.operationName");
      return [fault("OPERATION_RESOLUTION_FAILURE", message, { http: { status: 400 } })];
    }
    const variableValues = variables ?? {};
    const refused = this.#admission.admit(contextValue, operation, variableValues);
    if (refused.length > 0) return refused;
    const { schema, document, name } = operation;
    return {
      operation,
      schema,
      document,
      contextValue,
      variableValues,
      ...(name !== undefined && { operationName: name }),
    };
  }
}

/** Runs what was prepared, for a library that would execute by itself. */
export function run(prepared: unknown) {
  const { operation, contextValue, variableValues } = prepared as Prepared;
  return operation.run(contextValue, variableValues);
}

/** Likewise a subscription. */
export function follow(prepared: unknown) {
  const { operation, contextValue, variableValues } = prepared as Prepared;
  return operation.follow(contextValue, variableValues);
}
