import type { ExecutionArgs, GraphQLError, GraphQLSchema } from "graphql";
import type { Context } from "../context.js";
import { Admission, type AdmissionSetting } from "./admission.js";
import { fault } from "./codes.js";
import { KnownTexts } from "./known-texts.js";
import type { Operation } from "./operation.js";
import { type Reading, Text } from "./text.js";
import type { Values, Variables } from "./variables.js";

/** What a request asks of a text. */
export interface Asked {
  operationName?: string | null | undefined;
  variables?: Variables | null | undefined;
}

/** An operation that may begin; its form is the one in which libraries of the doors hand it on. */
export interface Prepared extends ExecutionArgs {
  operation: Operation;
  values: Values;
  contextValue: Context;
  variableValues: Variables;
}

export interface RunnerSetting extends AdmissionSetting {
  schema: GraphQLSchema;
  /** Which run of any operation is the first as code, kept or not; Infinity: none. */
  compiledFrom?: number | undefined;
}

/** Which run of an operation is the first as code: to make it costs as much as one to seventy runs save. */
const COMPILED_FROM = 10;

/** Runs what is asked by text, the same for every door: read once, admitted each time. */
export class Runner {
  readonly #schema: GraphQLSchema;
  readonly #admission: Admission;
  readonly #texts = new KnownTexts();
  readonly #compiledFrom: number | undefined;

  constructor({ schema, compiledFrom, ...setting }: RunnerSetting) {
    this.#schema = schema;
    this.#compiledFrom = compiledFrom;
    this.#admission = new Admission(setting);
  }

  #read(query: string, reading: Reading): Text {
    const compiledFrom = this.#compiledFrom ?? reading.compiledFrom ?? COMPILED_FROM;
    return new Text(this.#schema, query, { ...reading, compiledFrom });
  }

  /** Parsed and validated, now or before. */
  text(query: string): Text {
    const hash = this.#texts.hashOf(query);
    const text = this.known(hash) ?? this.#read(query, {});
    this.#texts.note(hash, text, false);
    return text;
  }

  /** The text that a caller brings, which is paid for; or why it is not even read. */
  read(context: Context, query: string): Text | readonly GraphQLError[] {
    const refused = this.#admission.beforeReading(context);
    if (refused.length > 0) return refused;
    const hash = this.#texts.hashOf(query);
    const known = this.known(hash);
    const text = known ?? this.#read(query, {});
    this.#texts.note(hash, text, context.known !== undefined && !context.known.caller.grant);
    this.#admission.payReading(context, text, known !== undefined);
    return text;
  }

  /** Never forgotten. */
  keep(query: string): Text {
    const hash = this.#texts.hashOf(query);
    const text = this.#read(query, { compiledFrom: 1, isKept: true });
    this.#texts.keep(hash, text);
    return text;
  }

  /** What was read before, by its text's SHA-256 in hexadecimal digits. */
  known(hash: string): Text | undefined {
    return this.#texts.find(hash);
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
    const values = this.#admission.admit(contextValue, operation, variableValues);
    if (!("coerced" in values)) return values;
    const { schema, document, name } = operation;
    return {
      operation,
      values,
      schema,
      document,
      contextValue,
      variableValues,
      operationName: name,
    };
  }
}

/** Runs what was prepared, for a library that would execute by itself. */
export function run(prepared: unknown) {
  const { operation, contextValue, values } = prepared as Prepared;
  return operation.run(contextValue, values);
}

/** Likewise a subscription. */
export function follow(prepared: unknown) {
  const { operation, contextValue, values } = prepared as Prepared;
  return operation.follow(contextValue, values);
}
