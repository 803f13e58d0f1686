import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  subscribe,
} from "graphql";
import type { Context } from "../context.js";
import { costOf, type IsForbidden } from "./cost.js";
import { isIntrospection, type SizeLimit, sizesAbove } from "./limits.js";
import { variableFaults } from "./variables.js";

export type Variables = Readonly<Record<string, unknown>>;

type Result = ExecutionResult<Record<string, unknown>>;

/** One operation of a valid document: what it is measured by, and how it is run. */
export class Operation {
  /** Whether it asks for nothing but the schema. */
  readonly isIntrospection: boolean;
  #cost: number | undefined;

  /** @param above the limits of size that its document is above */
  constructor(
    readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
    readonly node: OperationDefinitionNode,
    readonly above: readonly SizeLimit[] = sizesAbove(document),
  ) {
    this.isIntrospection = isIntrospection(document, node);
  }

  /** In its document; undefined where it is alone there and has none. */
  get name(): string | undefined {
    return this.node.name?.value;
  }

  /** Whether it is a subscription. */
  get isLive(): boolean {
    return this.node.operation === OperationTypeNode.SUBSCRIPTION;
  }

  /** What is wrong with its variables. */
  faultsOf(variables: Variables): GraphQLError[] {
    return variableFaults(this.schema, this.node, variables);
  }

  /**
   * At most, in points, its reading not counted.
   * @param isForbidden what the caller may not have; nothing where it may have everything
   */
  costOf(variables: Variables, isForbidden?: IsForbidden): number {
    const { schema, document, name: operationName } = this;
    // Without variables it is always the same, for whoever may have everything.
    if (!isForbidden && this.node.variableDefinitions?.length === 0) {
      return (this.#cost ??= costOf(schema, { document, operationName, variables: {} }));
    }
    return costOf(schema, { document, operationName, variables }, isForbidden);
  }

  /** A query or a mutation; the result's errors are not finished yet. */
  run(context: Context, variables: Variables): Result | Promise<Result> {
    return execute(this.#with(context, variables));
  }

  /** A subscription; likewise. */
  follow(context: Context, variables: Variables): Promise<AsyncGenerator<Result, void, void> | Result> {
    return subscribe(this.#with(context, variables));
  }

  #with(contextValue: Context, variableValues: Variables) {
    const { schema, document, name: operationName } = this;
    return { schema, document, contextValue, variableValues, ...(operationName !== undefined && { operationName }) };
  }
}
