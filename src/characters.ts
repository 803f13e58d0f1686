// What may stand in a text, as source text of expressions with the `u` flag.

/** C0, C1 and DEL; as source text, so that JSON Schema and we use the same. */
export const controlFree = {
  line: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
  multiline: "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$",
} as const;
/** With the `u` flag this class matches a surrogate only where it stands alone. */
export const surrogateFree = "^[^\\ud800-\\udfff]*$";
/**
 * Something that can be seen: a letter, a digit, a sign. Not spaces, not what joins, directs or varies others, not a mark
 * without its letter; and not what Unicode counts as a letter or sign and yet draws blank (a braille cell without dots, a
 * notehead of nothing, two hieroglyphs).
 */
export const visible = "[^\\p{Z}\\p{C}\\p{M}\\p{Default_Ignorable_Code_Point}\\u2800\\u{1d159}\\u{13441}\\u{13442}]";
