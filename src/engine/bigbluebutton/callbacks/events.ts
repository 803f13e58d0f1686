import type { Hearing } from "./hearing.js";
import { type Fields, isRecord, textIn } from "./reading.js";

/** One event of a webhook. */
export interface Told {
  id: string;
  attributes: Fields;
  /** By the clock of who tells it. */
  at?: Date;
}

type Tell = (hearing: Hearing, sessionId: string, told: Told) => Promise<void>;

const userOf = ({ attributes }: Told): Fields => (isRecord(attributes["user"]) ? attributes["user"] : {});

const joined: Tell = async ({ reports }, sessionId, told) => {
  const user = userOf(told);
  const line = textIn(user, "internal-user-id");
  const id = textIn(user, "external-user-id") ?? line;
  if (id === undefined) return;
  await reports.joined({
    sessionId,
    person: {
      id,
      name: textIn(user, "name") ?? "",
      role: textIn(user, "role")?.toUpperCase() === "MODERATOR" ? "MODERATOR" : "VIEWER",
    },
    source: "WEBHOOK",
    ...(line !== undefined && { engineUserId: line }),
    ...(told.at && { at: told.at }),
  });
};

const left: Tell = async ({ reports, clock }, sessionId, told) => {
  const user = userOf(told);
  const line = textIn(user, "internal-user-id");
  const personId = textIn(user, "external-user-id") ?? line;
  if (personId === undefined) return;
  await reports.left({
    sessionId,
    personId,
    at: told.at ?? clock.now(),
    source: "WEBHOOK",
    ...(line !== undefined && { engineUserId: line }),
  });
};

/** Not waited for: ending asks the server, which waits for this answer. Where it fails, the next look finds it out. */
const meetingEnded: Tell = async ({ reports, log }, sessionId, { at }) => {
  reports
    .ended({ sessionId, source: "WEBHOOK", ...(at && { at }) })
    .catch((err: unknown) => log.warn({ err, sessionId }, "a session that its server ended could not be ended yet"));
};

/** Which of its steps it is does not matter: the server is asked for what there is. */
const recordings: Tell = async ({ reports }, sessionId) => void (await reports.recordingsChanged(sessionId));

/** By the event's name; any other is no news here. */
export const tellers: Readonly<Record<string, Tell>> = {
  "user-joined": joined,
  "user-left": left,
  "meeting-ended": meetingEnded,
  "rap-archive-ended": recordings,
  "rap-publish-ended": recordings,
  "rap-published": recordings,
  "rap-unpublished": recordings,
  "rap-deleted": recordings,
};
