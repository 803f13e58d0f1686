/** Sorts after every text: U+FFFF is no character, and SQLite compares bytes. */
const LAST = "\uffff";

/**
 * What names and titles are sorted and searched by. Made here and stored, because SQLite folds ASCII only and the
 * databases' collations differ. Untitled comes last.
 */
export const sortKey = (text: string | null): string => (text === null ? LAST : text.normalize("NFKC").toLowerCase());
