import { entryRefusals, type EntryRefusal, type Reports } from "../../engine/engine.js";
import { noteAttended } from "./attended.js";
import { enterRoom } from "./enter-room.js";
import { personOfLink, type JoinLinks } from "./join-link.js";
import { leaveRoom } from "./leave-room.js";
import { noteArrival, noteDeparture } from "./told.js";
import { heardOfRecordings } from "../recording/look-for-recordings.js";
import { noteRecording } from "../recording/note-recording.js";
import { findRun, sessionNow, startRun, stopRun } from "../recording/runs.js";
import { removeAsWished } from "../moderating/remove-person.js";
import { keepNotes, readNotes } from "../moderating/keep-notes.js";
import { setRoleAsWished } from "../moderating/set-person-role.js";
import { setLocksAsWished } from "../moderating/update-session-settings.js";
import { readMessages, readRoom, writeMessage } from "../moderating/write-message.js";
import { endReported } from "../session/end-reported.js";
import { Refusal } from "../refusal.js";
import type { Services } from "../services.js";

const isOfEntry = (code: string): code is EntryRefusal => (entryRefusals as readonly string[]).includes(code);

/** The use-cases an engine tells what it sees; the services are asked for late, because the engine is one of them. */
export function reportsOf(engine: string, links: JoinLinks, services: () => Services): Reports {
  return {
    admit(query) {
      const link = links.verify(query);
      return link && { sessionId: link.sessionID, person: personOfLink(link) };
    },
    async joined(arrival) {
      if (arrival.source !== "LIVE") {
        return (await noteArrival(services(), engine, arrival)) ?? { refused: "SESSION_OVER" };
      }
      try {
        return await enterRoom(services(), engine, arrival);
      } catch (error) {
        if (error instanceof Refusal && isOfEntry(error.code)) return { refused: error.code };
        throw error;
      }
    },
    attended: ({ sessionId, people }) => noteAttended(services(), engine, sessionId, people),
    sessionOf: async (roomId) => (await services().storage.read.sessions.findRoom(engine, roomId))?.id,
    inside: (sessionId) => readRoom(services(), sessionId),
    wrote: (writing) => writeMessage(services(), writing),
    notes: (sessionId) => readNotes(services(), sessionId),
    keepNotes: (notes) => keepNotes(services(), engine, notes),
    remove: (wish) => removeAsWished(services(), engine, wish),
    setRole: (wish) => setRoleAsWished(services(), engine, wish),
    setLocks: (wish) => setLocksAsWished(services(), engine, wish),
    left(departure) {
      const leave = departure.source === "LIVE" ? leaveRoom : noteDeparture;
      return leave(services(), engine, departure);
    },
    recordingStarted: (start) => startRun(services(), engine, start),
    recordingStopped: (stop) => stopRun(services(), engine, stop),
    recordingRun: (id) => findRun(services(), engine, id),
    sessionNow: (sessionId) => sessionNow(services(), engine, sessionId),
    messagesOf: (sessionId) => readMessages(services(), sessionId),
    ended: (ending) => endReported(services(), engine, ending),
    recording: (recording) => noteRecording(services(), engine, recording),
    recordingsChanged: (sessionId) => heardOfRecordings(services(), engine, sessionId),
  };
}
