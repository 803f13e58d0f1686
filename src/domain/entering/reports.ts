import { entryRefusals, type EntryRefusal, type Reports } from "../../engine/engine.js";
import { enterRoom } from "./enter-room.js";
import { personOfLink, type JoinLinks } from "./join-link.js";
import { endReported, leaveRoom } from "./leave-room.js";
import { noteRecording } from "../session/recording.js";
import { Refusal } from "../refusal.js";
import type { Services } from "../services.js";

const isOfEntry = (code: string): code is EntryRefusal => (entryRefusals as readonly string[]).includes(code);

/** The use-cases an engine tells what it sees; the world is asked for late, because the engine is a part of it. */
export function reportsOf(engine: string, links: JoinLinks, world: () => Services): Reports {
  return {
    admit(query) {
      const link = links.verify(query);
      return link && { sessionId: link.sessionID, person: personOfLink(link) };
    },
    async joined(arrival) {
      try {
        return await enterRoom(world(), engine, arrival);
      } catch (error) {
        if (error instanceof Refusal && isOfEntry(error.code)) return { refused: error.code };
        throw error;
      }
    },
    left: (departure) => leaveRoom(world(), engine, departure),
    ended: (ending) => endReported(world(), engine, ending),
    recording: (recording) => noteRecording(world(), engine, recording),
  };
}
