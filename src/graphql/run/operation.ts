import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import type { Context } from "../context.js";
import { SharedAnswers } from "./answers.js";
import { Code } from "./code/code.js";
import { sizeOf, type SizeLimit, sizesAbove } from "./limits.js";
import { Prices } from "./prices.js";
import { readsOften } from "./reads.js";
import type { Lacking } from "./scopes.js";
import { Declarations, type Values, type Variables } from "./variables.js";

type Result = ExecutionResult<Record<string, unknown>>;

/** How an operation is prepared, beyond what its text says. */
export interface Preparing {
  /** The limits of size that its document is above. */
  above?: readonly SizeLimit[];
  /** Which of its runs is the first as code; Infinity: none, graphql-js interprets each. */
  compiledFrom?: number;
  /** Whether it is one of ours, or an operator's, and never forgotten. */
  isKept?: boolean;
}

/** Of an operation that becomes code, with all fragments spread out: it takes the loop's turn, about 50 µs for each. */
const MOST_COMPILED_FIELDS = 300;

/** One operation of a valid document: what it is measured by, and how it is run. */
export class Operation {
  /** Whether it asks for nothing but the schema. */
  readonly isIntrospection: boolean;
  readonly above: readonly SizeLimit[];
  readonly #declarations: Declarations;
  readonly #code: Code;
  readonly #prices: Prices;
  #readsOften: boolean | undefined;
  readonly #answers = new SharedAnswers();

  constructor(
    readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
    readonly node: OperationDefinitionNode,
    { above = sizesAbove(document), compiledFrom = 1, isKept = false }: Preparing = {},
  ) {
    this.above = above;
    const { isIntrospection, fields } = sizeOf(document, node);
    this.isIntrospection = isIntrospection;
    this.#prices = new Prices(schema, document, this.name);
    this.#declarations = new Declarations(schema, node);
    const isCode = isKept || fields <= MOST_COMPILED_FIELDS;
    this.#code = new Code({ schema, document, node, fields, from: isCode ? compiledFrom : Number.POSITIVE_INFINITY });
  }

  /** What its code keeps in the memory, about. */
  get bytes(): number {
    return this.#code.bytes;
  }

  /** In its document; undefined where it is alone there and has none. */
  get name(): string | undefined {
    return this.node.name?.value;
  }

  /** Whether it is a subscription. */
  get isLive(): boolean {
    return this.node.operation === OperationTypeNode.SUBSCRIPTION;
  }

  /** Its variables, or what is wrong with them. */
  read(variables: Variables): Values | readonly GraphQLError[] {
    return this.#declarations.read(variables);
  }

  /** At most, in points, its reading not counted. */
  costOf(values: Values, lacking?: Lacking): number {
    return this.#prices.of(values, lacking);
  }

  /** Tells the context how its reads are to be made. */
  #begin(context: Context): void {
    this.#readsOften ??= readsOften(this.schema, this.document, this.node);
    context.readsOften = this.#readsOften;
  }

  /** A query or a mutation; the result's errors are not finished yet. */
  run(context: Context, values: Values): Result | Promise<Result> {
    this.#begin(context);
    const compiled = this.#code.for(values.coerced);
    if (compiled) return compiled(context, values);
    return execute(this.#with(context, values));
  }

  /** A subscription; likewise. */
  follow(context: Context, values: Values): Promise<AsyncGenerator<Result, void, void> | Result> {
    this.#begin(context);
    return this.#answers.follow(this.#with(context, values));
  }

  #with(contextValue: Context, { given: variableValues }: Values) {
    const { schema, document, name: operationName } = this;
    return { schema, document, contextValue, variableValues, ...(operationName !== undefined && { operationName }) };
  }
}
