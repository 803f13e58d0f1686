import { is, Param, Placeholder } from "drizzle-orm";

export type Values = Record<string, unknown>;

const valueOf = (values: Values, name: string): unknown => {
  if (!(name in values)) throw new Error(`no value for the placeholder ${name}`);
  return values[name];
};

/** How one place of a prepared statement gets its value: found out once, where drizzle asks at each run. */
export function place(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return (values) => valueOf(values, param.name);
  if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
  const { name } = param.value;
  const { encoder } = param;
  return (values) => encoder.mapToDriverValue(valueOf(values, name));
}
