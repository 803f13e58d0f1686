import { createHmac } from "node:crypto";
import type { Person } from "../../engine/engine.js";
import { isSameSecret } from "../../same-secret.js";
import { isUuid } from "../checks.js";

export interface LinkParameters {
  fullName: string;
  meetingID: string;
  /** What the caller presented; empty where none is needed. */
  password: string;
  sessionID: string;
  personID: string;
  /** As v1 spells it: the link is shown to partners and visitors. */
  role: "moderator" | "viewer";
}

export interface JoinLinks {
  build(parameters: LinkParameters): string;
  /** The parameters of a link's query string (without its `?`); undefined when it is not one of ours, unchanged. */
  verify(query: string): LinkParameters | undefined;
}

/** Whose link it is, as rooms know people. */
export const personOfLink = ({ personID, fullName, role }: LinkParameters): Person => ({
  id: personID,
  name: fullName,
  role: role === "moderator" ? "MODERATOR" : "VIEWER",
});

/** link-1: the four documented names in their order, ours between `password` and `checksum`. */
const names = ["fullName", "meetingID", "password", "sessionID", "personID", "role"] as const;

/** 160 bits: the documented checksum has the length of a SHA-1 (link-2). */
const CHECKSUM_BYTES = 20;

function checksumOf(key: Buffer, parameters: LinkParameters): Buffer {
  // Over decoded values, so that a messenger which re-encodes the link does no harm (link-2).
  const sorted = names.toSorted().map((name) => [name, parameters[name]]);
  return createHmac("sha256", key).update(JSON.stringify(sorted)).digest().subarray(0, CHECKSUM_BYTES);
}

function readQuery(query: string): { parameters: LinkParameters; checksum: string } | undefined {
  const given = [...new URLSearchParams(query)];
  const values = Object.fromEntries(given) as Record<string, string | undefined>;
  const expected = [...names, "checksum"];
  if (given.length !== expected.length || !expected.every((name) => values[name] !== undefined)) return undefined;
  const { checksum, ...parameters } = values as unknown as LinkParameters & { checksum: string };
  return { parameters, checksum };
}

/**
 * Builds and verifies join links. A link is a pure function of its parameters: it needs no row, and is good before and
 * after a restart (link-3).
 * @param keys the first signs; links signed with the others are still good
 * @param base gives PUBLIC_URL without a slash at its end; asked late, because a free port is known only once listening
 */
export function joinLinks(keys: readonly [Buffer, ...Buffer[]], base: () => string): JoinLinks {
  return {
    build(parameters) {
      const checksum = checksumOf(keys[0], parameters).toString("hex");
      const pairs = names.map((name) => `${name}=${encodeURIComponent(parameters[name])}`);
      return `${base()}/api/join?${pairs.join("&")}&checksum=${checksum}`;
    },
    verify(query) {
      const read = readQuery(query);
      if (!read || !/^[0-9a-f]{40}$/.test(read.checksum) || !isUuid(read.parameters.personID)) return undefined;
      const given = Buffer.from(read.checksum, "hex");
      const isOurs = keys.some((key) => isSameSecret(checksumOf(key, read.parameters), given));
      return isOurs ? read.parameters : undefined;
    },
  };
}
