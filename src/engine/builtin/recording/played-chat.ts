import type { WrittenMessage } from "../../engine.js";
import type { Stretch } from "./recording-folder.js";

export interface PlayedMessage {
  id: string;
  name: string;
  body: string;
  /** Where in the recording. */
  seconds: number;
}

/** A message is stored a moment before or after the picture shows what it was about. */
const NEAR_SECONDS = 2;

/** Where in the recording an instant is; undefined where it was not recorded then. */
function placeOf(at: Date, stretches: readonly Stretch[]): number | undefined {
  for (const { startedAt, offsetSeconds, seconds } of stretches) {
    const into = (at.getTime() - Date.parse(startedAt)) / 1000;
    if (into < -NEAR_SECONDS || into > seconds + NEAR_SECONDS) continue;
    return offsetSeconds + Math.min(Math.max(into, 0), seconds);
  }
  return undefined;
}

/** What was written to everyone while it was recorded: who has a recording's address reads nothing else of the session. */
export const playedChat = (messages: readonly WrittenMessage[], stretches: readonly Stretch[]): PlayedMessage[] =>
  messages.flatMap(({ id, from, body, at }) => {
    const seconds = placeOf(at, stretches);
    return seconds === undefined ? [] : [{ id, name: from.name, body, seconds: Math.round(seconds * 10) / 10 }];
  });
