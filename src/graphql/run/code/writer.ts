import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type GraphQLLeafType,
} from "graphql";
import { chosenFields, type Choosing } from "./chosen.js";
import { isMethod } from "./methods.js";
import { type Asking, demandObject, isThenable, leafOf, type Run, unsure } from "./running.js";

/** An operation, or a part of it, that no code is made for. */
export class Uncompilable extends Error {}

/** A field of the root: how it is asked, and what becomes of its value. */
export interface RootField {
  name: string;
  nodes: readonly FieldNode[];
  ask(run: Run): unknown;
  complete(run: Run, value: unknown): unknown;
}

/** How a value is read that stands in an expression: an expression again. */
type Reading = (value: string) => string;

/** A field's expressions: what asks for its value, and how that is read. */
interface Written {
  ask: string;
  read: Reading;
  isPlain: boolean;
}

type Nodes = readonly FieldNode[];

const quoted = (name: string): string => JSON.stringify(name);

const nameOf = ([first]: Nodes): string => first?.name.value ?? "";

/** What code has at hand. */
const tools = { demandObject, isThenable, unsure, none: Object.freeze({}) };

/** Writes the functions that make an operation's answer. Into them go names of the schema and of the answer, and no value. */
export class Writer {
  readonly #functions: string[] = [];
  readonly #parts: unknown[] = [];
  readonly #names = new Map<unknown, string>();
  readonly #leaves = new Map<string, Reading>();
  #asked = 0;

  constructor(
    readonly choosing: Choosing,
    readonly facts: Asking["facts"],
  ) {}

  /** The fields of the operation's root. @throws Uncompilable */
  root(type: GraphQLObjectType): RootField[] {
    const chosen = [...chosenFields(this.choosing, type, [this.facts.operation.selectionSet])];
    const written = chosen.map(([name, nodes]) => {
      if (nameOf(nodes) === "__typename") return `{ ask: () => ${quoted(type.name)}, complete: (run, v) => v }`;
      const path = { prev: undefined, key: name, typename: type.name };
      const { ask, read } = this.#field(type, nodes, "undefined", path);
      return `{ ask: (run) => ${ask}, complete: (run, v) => ${read("v")} }`;
    });
    const body = `"use strict"; const { ${Object.keys(tools).join()} } = tools;
      const [${this.#parts.map((_, at) => `p${at}`).join()}] = parts;
      ${this.#functions.join("\n")}
      return [${written.join()}];`;
    // oxlint-disable-next-line typescript/no-implied-eval -- of names only, which graphql-js has read as names
    const made = new Function("tools", "parts", body)(tools, this.#parts) as Omit<RootField, "name" | "nodes">[];
    return made.map((each, at) => {
      const [name, nodes] = chosen[at] as [string, FieldNode[]];
      return { name, nodes, ...each };
    });
  }

  /** The name under which code finds it. */
  #part(value: unknown): string {
    const known = this.#names.get(value) ?? `p${this.#parts.push(value) - 1}`;
    this.#names.set(value, known);
    return known;
  }

  /** @returns its name; it takes the run and a value */
  #function(body: string): string {
    return `f${this.#functions.push(`function f${this.#functions.length}(run, v) { ${body} }`) - 1}`;
  }

  #field(type: GraphQLObjectType, nodes: Nodes, parent: string, path?: Asking["path"]): Written {
    const field = type.getFields()[nameOf(nodes)];
    if (!field) throw new Uncompilable("the schema is asked");
    const asking: Asking = { place: this.#asked, field, nodes, parentType: type, path, facts: this.facts };
    this.#asked += 1;
    const read = this.#value(field.type, nodes, asking);
    const value = `${parent}.${field.name}`;
    const { resolve } = field;
    if (!resolve) return { ask: path ? "undefined" : value, read, isPlain: true };
    const given = field.args.length === 0 ? "none" : `run.argumentsOf(${this.#part(asking)})`;
    if (isMethod(resolve)) return { ask: `${value}?.(${given}, run.context)`, read, isPlain: false };
    const info = `run.infoOf(${this.#part(asking)})`;
    return { ask: `${this.#part(resolve)}(${parent}, ${given}, run.context, ${info})`, read, isPlain: false };
  }

  #value(type: GraphQLOutputType, nodes: Nodes, asking: Asking): Reading {
    const isNullable = !isNonNullType(type);
    const inner = isNullable ? type : type.ofType;
    if (isLeafType(inner)) return this.#leaf(inner, isNullable);
    const made = isListType(inner)
      ? this.#list(this.#value(inner.ofType, nodes, asking))
      : `demandObject(v); ${isAbstractType(inner) ? this.#anyOf(inner, nodes, asking) : this.#object(inner as GraphQLObjectType, nodes)}`;
    const name = this.#function(
      `if (v === null || v === undefined) ${isNullable ? "return null" : "throw unsure"}; ${made}`,
    );
    return (value) => `${name}(run, ${value})`;
  }

  #leaf(type: GraphQLLeafType, isNullable: boolean): Reading {
    const key = `${type.name} ${isNullable}`;
    const known = this.#leaves.get(key);
    if (known) return known;
    const name = this.#part(leafOf(type, isNullable));
    const read: Reading = (value) => `${name}(${value})`;
    this.#leaves.set(key, read);
    return read;
  }

  #list(item: Reading): string {
    return `if (!Array.isArray(v)) throw unsure;
      const made = []; for (let at = 0; at < v.length; at += 1) made.push(${item("v[at]")}); return made;`;
  }

  #anyOf(type: GraphQLAbstractType, nodes: Nodes, asking: Asking): string {
    if (!type.resolveType) throw new Uncompilable(`nobody tells which ${type.name} it is`);
    const cases = this.choosing.schema
      .getPossibleTypes(type)
      .map((each) => `case ${quoted(each.name)}: return ${this.#function(this.#object(each, nodes))}(run, v);`);
    const called = `${this.#part(type.resolveType)}(v, run.context, run.infoOf(${this.#part(asking)}), ${this.#part(type)})`;
    return `switch (${called}) { ${cases.join("\n")} default: throw unsure; }`;
  }

  /** What makes the answer's object of `v`: first what it tells by itself, then what has to be asked. */
  #object(type: GraphQLObjectType, nodes: Nodes): string {
    if (type.isTypeOf) throw new Uncompilable(`${type.name} asks whether a value is one`);
    const told: string[] = [];
    const asked: string[] = [];
    for (const [name, of] of chosenFields(this.choosing, type, setsOf(nodes))) {
      const key = quoted(name);
      // As a literal it would be the object's prototype.
      if (name === "__proto__") throw new Uncompilable("a name that no code can write");
      if (nameOf(of) === "__typename") {
        told.push(`${key}: ${quoted(type.name)}`);
        continue;
      }
      const { ask, read, isPlain } = this.#field(type, of, "v");
      told.push(`${key}: ${isPlain ? read(ask) : "null"}`);
      if (isPlain) continue;
      const later = this.#function(`return ${read("v")};`);
      asked.push(`r = ${ask};
        if (isThenable(r)) run.wait(made, ${key}, r, ${later}); else made[${key}] = ${read("r")};`);
    }
    if (asked.length === 0) return `return { ${told.join()} };`;
    return `const made = { ${told.join()} }; let r; ${asked.join("\n")} return made;`;
  }
}

const setsOf = (nodes: Nodes) => nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
