import { controlFree, surrogateFree, visible } from "../../characters.js";

/** Whether a frame's field is what the protocol wants; the type it then has goes along. */
export type Check<Value> = (value: unknown) => value is Value;
export type Shape = Readonly<Record<string, Check<unknown>>>;
export type FieldsOf<Of extends Shape> = { [Name in keyof Of]: Of[Name] extends Check<infer Value> ? Value : never };

/** In code points. */
const LONGEST_BODY = 2_000;
/** Ids, and what people call their messages; in letters. */
const LONGEST_WORD = 64;

const something = new RegExp(visible, "u");
const multiline = new RegExp(controlFree.multiline, "u");
const wholeCharacters = new RegExp(surrogateFree, "u");

export const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

export const isWord = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= LONGEST_WORD && wholeCharacters.test(value);

/** Something that can be seen, and nothing that would do harm where it is shown as it is. */
export const isBody = (value: unknown): value is string =>
  typeof value === "string" &&
  // A code point has two letters at most.
  (value.length <= LONGEST_BODY || (value.length <= 2 * LONGEST_BODY && Array.from(value).length <= LONGEST_BODY)) &&
  something.test(value) &&
  multiline.test(value) &&
  wholeCharacters.test(value);

/** In bytes, before it is put into base64; a frame has room for a third more, and for its other fields. */
const LONGEST_UPDATE = 9_000;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const isUpdate = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= (LONGEST_UPDATE / 3) * 4 && base64.test(value);

export const isFlags = (value: unknown): value is Record<string, boolean> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isFlag);

export const isOneOf =
  <const Values extends readonly string[]>(values: Values): Check<Values[number]> =>
  (value): value is Values[number] =>
    (values as readonly unknown[]).includes(value);

export const optional =
  <Value>(check: Check<Value>): Check<Value | undefined> =>
  (value): value is Value | undefined =>
    value === undefined || check(value);

/** The first field that is missing or wrong; undefined where all are right. Others than these are nobody's. */
export const wrongField = (shape: Shape, frame: Readonly<Record<string, unknown>>): string | undefined =>
  Object.entries(shape).find(([name, check]) => !check(Object.hasOwn(frame, name) ? frame[name] : undefined))?.[0];
