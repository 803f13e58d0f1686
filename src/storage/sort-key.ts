const LAST = "\u{10ffff}";
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
/** What lower case makes of the Turkish I with a dot, be it written as one letter or two. */
const dotAfterI = /(i\p{Mn}*?)\u0307/gu;

/**
 * Letters that differ in form only are one: upper and lower case by way of both (`ß`, `ẞ` and `SS`; `ı`, `İ` and `I`),
 * the sigma at a word's end, ligatures and presentation forms, marks written apart, and what nobody sees.
 */
const folded = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll("ς", "σ")
    .normalize("NFD")
    .replace(dotAfterI, "$1")
    .replace(ignorable, "")
    .normalize("NFKC");

/**
 * What names and titles are sorted and searched by. Made here and stored, because SQLite folds ASCII only and the
 * databases' collations differ; both compare code points. Untitled comes last: nothing that is named begins with the
 * last code point. Whoever changes the rule adds a migration that makes the stored keys anew (`sort_key`).
 */
export const sortKey = (text: string | null): string =>
  text === null ? LAST : folded(text).replaceAll(LAST, "\u{10fffe}");
