/** Whether a frame's field is what the protocol wants; the type it then has goes along. */
export type Check<Value> = (value: unknown) => value is Value;
export type Shape = Readonly<Record<string, Check<unknown>>>;
export type FieldsOf<Of extends Shape> = { [Name in keyof Of]: Of[Name] extends Check<infer Value> ? Value : never };

export const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

export const isOneOf =
  <const Values extends readonly string[]>(values: Values): Check<Values[number]> =>
  (value): value is Values[number] =>
    (values as readonly unknown[]).includes(value);

/** The first field that is missing or wrong; undefined where all are right. Others than these are nobody's. */
export const wrongField = (shape: Shape, frame: Readonly<Record<string, unknown>>): string | undefined =>
  Object.entries(shape).find(([name, check]) => !check(Object.hasOwn(frame, name) ? frame[name] : undefined))?.[0];
