import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  separateOperations,
  specifiedRules,
  validate,
} from "graphql";
import { MOST_FAULTS } from "../../domain/checks.js";
import type { ErrorCode } from "./codes.js";
import { limits, type SizeLimit, sizesAbove } from "./limits.js";
import { Operation, type Preparing } from "./operation.js";

const coded = (error: GraphQLError, code: ErrorCode): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code, http: { status: 400 } },
  });

/** What graphql-js keeps of a token: itself, and its part of the nodes and their places. Measured. */
const BYTES_OF_TOKEN = 512;
/** Of an error, with its stack. */
const BYTES_OF_FAULT = 4_096;

function tokensIn({ loc }: DocumentNode): number {
  let count = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) count += 1;
  return count;
}

/** How a text is read. */
export interface Reading extends Omit<Preparing, "above"> {
  /** More tokens are a fault. */
  maxTokens?: number;
}

/** A text, parsed and validated once: its operations, or why it has none that may run. */
export class Text {
  readonly document: DocumentNode | undefined;
  /** In the order of the text; each says where. */
  readonly faults: readonly GraphQLError[];
  /** The limits of size that it is above, whichever of its operations is asked for. */
  readonly above: readonly SizeLimit[] = [];
  /** Tokens that were read; of a text that is no GraphQL, as many as it may have had. */
  readonly tokens: number;
  readonly #bytes: number;
  /** By what is asked for: no name is another question than an empty one, which none has. */
  readonly #operations = new Map<string | null, Operation>();

  readonly #preparing: Omit<Preparing, "above">;

  constructor(
    readonly schema: GraphQLSchema,
    text: string,
    { maxTokens = limits.tokens, ...preparing }: Reading = {},
  ) {
    this.#preparing = preparing;
    try {
      const document = parse(text, { maxTokens });
      this.document = document;
      this.above = sizesAbove(document);
      // Each pair of repeated fields would be compared; what is refused for them needs no other fault.
      const isTooMuch = this.above.includes("repeats");
      const faults = isTooMuch ? [] : validate(schema, document, specifiedRules, { maxErrors: MOST_FAULTS });
      this.faults = faults.map((error) => coded(error, "GRAPHQL_VALIDATION_FAILED"));
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      this.faults = [coded(error, "GRAPHQL_PARSE_FAILED")];
    }
    const tokens = this.document ? tokensIn(this.document) : 0;
    this.tokens = this.document ? tokens : Math.min(maxTokens, text.length);
    this.#bytes = text.length + BYTES_OF_TOKEN * tokens + BYTES_OF_FAULT * this.faults.length;
  }

  /** What it keeps in the memory, about; more, as its operations become code. */
  get bytes(): number {
    return [...this.#operations.values()].reduce((sum, { bytes }) => sum + bytes, this.#bytes);
  }

  /** The one of this name, or the only one there is; undefined where that is none, or the text has faults. */
  operation(name: string | null | undefined): Operation | undefined {
    const known = this.#operations.get(name ?? null);
    if (known || !this.document || this.faults.length > 0) return known;
    const node = getOperationAST(this.document, name);
    if (!node) return undefined;
    const operation = new Operation(this.schema, this.document, node, { ...this.#preparing, above: this.above });
    this.#operations.set(name ?? null, operation);
    return operation;
  }

  /** Each of its named operations as if it stood alone, with the fragments that it spreads. */
  separated(): ReadonlyMap<string, Operation> {
    const found = new Map<string, Operation>();
    for (const [name, document] of Object.entries(this.document ? separateOperations(this.document) : {})) {
      const node = getOperationAST(document);
      if (node) found.set(name, new Operation(this.schema, document, node, this.#preparing));
    }
    return found;
  }
}
