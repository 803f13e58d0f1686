import { type FieldsOf, isOneOf, isWord, optional } from "../fields.js";

/** In letters. */
const LONGEST_SDP = 60_000;
const LONGEST_CANDIDATE = 1_000;
/** Of one frame. */
const MOST_CANDIDATES = 40;

export interface Description {
  type: "offer" | "answer";
  sdp: string;
}

/** An `RTCIceCandidateInit` (W3C WebRTC, 4.8.1.1). */
export interface Candidate {
  candidate: string;
  sdpMid?: string | null;
  sdpMLineIndex?: number | null;
  usernameFragment?: string | null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isDescriptionType = isOneOf(["offer", "answer"]);

const isDescription = (value: unknown): value is Description =>
  isRecord(value) &&
  isDescriptionType(value["type"]) &&
  typeof value["sdp"] === "string" &&
  value["sdp"].length <= LONGEST_SDP;

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const isCandidate = (value: unknown): value is Candidate =>
  isRecord(value) &&
  typeof value["candidate"] === "string" &&
  value["candidate"].length <= LONGEST_CANDIDATE &&
  (isAbsent(value["sdpMid"]) || isWord(value["sdpMid"])) &&
  (isAbsent(value["sdpMLineIndex"]) || [0, 1, 2].includes(value["sdpMLineIndex"] as number)) &&
  // 256 letters at most (RFC 8839, 5.4).
  (isAbsent(value["usernameFragment"]) || String(value["usernameFragment"]).length <= 256);

const isCandidates = (value: unknown): value is Candidate[] =>
  Array.isArray(value) && value.length > 0 && value.length <= MOST_CANDIDATES && value.every(isCandidate);

const optionalDescription = optional(isDescription);
const optionalCandidates = optional(isCandidates);
const optionalQuestion = optional(isOneOf(["again", "anew"]));

/** One of the last three. A `call` is one connection between two, by a word of whoever began it. */
export const signalShape = {
  to: isWord,
  call: isWord,
  description: optionalDescription,
  candidates: optionalCandidates,
  ask: optionalQuestion,
};
export type Signal = FieldsOf<typeof signalShape>;
