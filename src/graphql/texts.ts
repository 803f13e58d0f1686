import { MOST_ENTRIES, type TextRule } from "../domain/checks.js";

/** A text's limit as the schema's descriptions say it. */
export const upTo = ({ max }: TextRule): string => `up to ${max} characters`;

/** What is said of the one argument that each mutation has. */
export const inputOf = { description: "Everything the mutation needs." };

/** A list's limit, likewise. */
export const entriesAtMost = `at most ${MOST_ENTRIES} entries`;
