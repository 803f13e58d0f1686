/** The texts of a mutation's input that may be left out. */
const optional = new Set([
  "title",
  "welcomeText",
  "moderatorPassword",
  "attendeePassword",
  "password",
  "logoutUrl",
  "idempotencyKey",
]);

/** In a text that may be left out `""` means not set, as null does; for the whole graph this is told here. */
export function emptyAsNull<Input extends object>(input: Input): Input {
  const empty = Object.entries(input).filter(([name, value]) => value === "" && optional.has(name));
  return empty.length === 0 ? input : { ...input, ...Object.fromEntries(empty.map(([name]) => [name, null])) };
}
