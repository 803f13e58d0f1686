import {
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLID,
  GraphQLBoolean,
  GraphQLString,
} from "graphql";
import type { Context } from "../../context.js";
import type { Coerced } from "../variables.js";

/** Thrown where an answer is not what its type says, or code can't tell: graphql-js does it again, and tells it. */
export const unsure = new Error("this answer is graphql-js' to give");

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Of an object, whether its fields may be read: an error is told, a promise waited for. */
export function demandObject(value: object): void {
  if (typeof value !== "object" || value instanceof Error || isThenable(value)) throw unsure;
}

/** What code makes of a leaf's value. */
export function leafOf(type: GraphQLLeafType, isNullable: boolean): (value: unknown) => unknown {
  const other = (value: unknown): unknown => {
    if (isNullable && (value === null || value === undefined)) return null;
    if (value instanceof Error) throw unsure;
    const told: unknown = type.serialize(value);
    if (told === undefined || told === null) throw unsure;
    return told;
  };
  if (type === GraphQLString || type === GraphQLID)
    return (value) => (typeof value === "string" ? value : other(value));
  if (type === GraphQLBoolean) return (value) => (typeof value === "boolean" ? value : other(value));
  return other;
}

/** A field that something is asked for: its resolver, its arguments, its circumstances. */
export interface Asking {
  /** Its place among the fields of its operation that are asked for. */
  place: number;
  field: GraphQLField<unknown, unknown>;
  /** As they are merged. */
  nodes: readonly FieldNode[];
  parentType: GraphQLObjectType;
  /** Only of a root's. */
  path: GraphQLResolveInfo["path"] | undefined;
  facts: Pick<GraphQLResolveInfo, "schema" | "fragments" | "operation">;
}

/** A field's circumstances, as a resolver is told them; the same for all objects of a run that it stands under. */
class Info implements GraphQLResolveInfo {
  readonly fieldName;
  readonly fieldNodes;
  readonly returnType;
  readonly parentType;
  readonly schema;
  readonly fragments;
  readonly operation;
  readonly rootValue = undefined;
  readonly #path;

  constructor(
    { field, nodes, parentType, path, facts }: Asking,
    readonly variableValues: Coerced,
  ) {
    this.#path = path;
    this.fieldName = field.name;
    this.fieldNodes = nodes;
    this.returnType = field.type;
    this.parentType = parentType;
    this.schema = facts.schema;
    this.fragments = facts.fragments;
    this.operation = facts.operation;
  }

  /** No resolver of ours asks for it, so code keeps none below the root; who does gets it from graphql-js. */
  get path() {
    if (!this.#path) throw unsure;
    return this.#path;
  }
}

type Complete = (run: Run, value: unknown) => unknown;

/** One run of an operation's code, or of one field of a mutation. */
export class Run {
  /** Whether all that was made is void. */
  isVoid = false;
  #waiting = 0;
  #done: (() => void) | undefined;
  readonly #infos: Info[] = [];
  readonly #arguments: Readonly<Record<string, unknown>>[] = [];

  constructor(
    readonly context: Context,
    readonly values: Coerced,
  ) {}

  infoOf(asking: Asking): GraphQLResolveInfo {
    return (this.#infos[asking.place] ??= new Info(asking, this.values));
  }

  /** As graphql-js reads them, who also tells what is wrong with one. */
  argumentsOf({ place, field, nodes }: Asking): Readonly<Record<string, unknown>> {
    try {
      return (this.#arguments[place] ??= getArgumentValues(field, nodes[0] as FieldNode, this.values));
    } catch {
      throw unsure;
    }
  }

  /** Puts what was promised under this name, when it is there. */
  wait(into: Record<string, unknown>, name: string, promised: PromiseLike<unknown>, complete: Complete): void {
    this.#waiting += 1;
    promised.then(
      (value) => {
        try {
          if (!this.isVoid) into[name] = complete(this, value);
        } catch {
          this.isVoid = true;
        }
        this.#end();
      },
      () => {
        this.isVoid = true;
        this.#end();
      },
    );
  }

  #end(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#done?.();
  }

  /** Undefined where nothing is waited for. */
  settled(): Promise<void> | undefined {
    if (this.#waiting === 0) return undefined;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }
}
