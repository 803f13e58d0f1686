import { keepNotes } from "../../src/domain/moderating/keep-notes.js";
import type { Gateway } from "../helpers/boot.js";
import { insertRecording } from "../helpers/rows.js";
import { newMeeting, start } from "./ask.js";

/** Well formed, and nobody's. */
export const nobodysId = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";

/** The ids of one object of each kind. */
export interface Furnished {
  meetingId: string;
  sessionId: string;
  attendanceId: string;
  recordingId: string;
}

/** A running meeting with someone inside, notes and a recording; its passwords are `modpwd` and `attpwd`. */
export async function furnished(gateway: Gateway, title: string): Promise<Furnished> {
  const meetingId = await newMeeting(gateway, { title, moderatorPassword: "modpwd" });
  const passwords = { moderatorPassword: "modpwd", attendeePassword: "attpwd" };
  const { sessionId, joinUrl } = await start(gateway, meetingId, passwords);
  await gateway.socket().enter(joinUrl);
  await keepNotes(gateway.opened.services, "builtin", { sessionId, document: "AAA=", text: "minutes" });
  const attendanceId = new URL(joinUrl).searchParams.get("personID") ?? "";
  return { meetingId, sessionId, attendanceId, recordingId: insertRecording(gateway, sessionId) };
}
