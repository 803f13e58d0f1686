import { type ClassType, createUnionType } from "type-graphql";
import type { MutationCode } from "../domain/refusal.js";
import { errorClasses } from "./errors.js";

const byName = (one: ClassType, other: ClassType) => (one.name < other.name ? -1 : 1);

/** What a mutation answers with: its success, or the error that tells one of its use-case's refusals. */
export const resultOf = (mutation: string, success: ClassType, refusals: readonly MutationCode[]) =>
  createUnionType({
    name: `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Result`,
    description: `Result of \`Mutation.${mutation}\`.`,
    types: () => [...new Set([success, ...refusals.map((code) => errorClasses[code])])].toSorted(byName),
  });
