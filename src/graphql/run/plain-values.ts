import {
  GraphQLBoolean,
  GraphQLID,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLString,
  isInputObjectType,
  isNonNullType,
} from "graphql";
import { isObject } from "../../domain/checks.js";

/** Stands for a value that graphql-js has to look at: a faulty one, or one of a type that is not known here. */
export const UNSURE = Symbol("unsure");

type Read = (value: unknown) => unknown;

const readers = new WeakMap<GraphQLInputType, Read>();

const orNull =
  (read: Read): Read =>
  (value) =>
    value === null || value === undefined ? null : read(value);

const text: Read = (value) => (typeof value === "string" ? value : UNSURE);
const flag: Read = (value) => (typeof value === "boolean" ? value : UNSURE);

function objectReader(type: GraphQLInputObjectType): Read {
  const known = type.getFields();
  const fields = Object.values(known).map(({ name, type: of, defaultValue }) => ({
    name,
    read: readerOf(of),
    mayLack: defaultValue === undefined && !isNonNullType(of),
  }));
  return (value) => {
    if (!isObject(value) || type.isOneOf) return UNSURE;
    for (const name of Object.keys(value)) if (!Object.hasOwn(known, name)) return UNSURE;
    const made: Record<string, unknown> = {};
    for (const { name, read, mayLack } of fields) {
      const given = value[name];
      if (given === undefined && mayLack) continue;
      const taken = given === undefined ? UNSURE : read(given);
      if (taken === UNSURE) return UNSURE;
      made[name] = taken;
    }
    return made;
  };
}

/** Made at its first use: an object may have fields of its own type. */
function lazily(make: () => Read): Read {
  let read: Read | undefined;
  return (value) => (read ??= make())(value);
}

function makeReader(type: GraphQLInputType): Read {
  if (isNonNullType(type)) {
    const read = readerOf(type.ofType);
    return (value) => (value === null || value === undefined ? UNSURE : read(value));
  }
  if (type === GraphQLString || type === GraphQLID) return orNull(text);
  if (type === GraphQLBoolean) return orNull(flag);
  return orNull(isInputObjectType(type) ? lazily(() => objectReader(type)) : () => UNSURE);
}

/**
 * What coerces a value of this type, where it is plainly right: nearly all are, and graphql-js would note for each field of
 * each where it stands, to tell what is wrong there. It gives `UNSURE` for what is not, with which graphql-js begins anew.
 */
export function readerOf(type: GraphQLInputType): Read {
  const read = readers.get(type) ?? makeReader(type);
  readers.set(type, read);
  return read;
}
