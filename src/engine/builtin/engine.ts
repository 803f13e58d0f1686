import type { EngineSetting, OpenedEngine } from "../engine.js";
import type { EngineKind } from "../kind.js";
import { Across } from "./across/telling.js";
import { renderRoomPage } from "./page.js";
import { Rooms } from "./rooms.js";
import { builtinRoutes } from "./routes.js";

function open(setting: EngineSetting): OpenedEngine {
  const { messages } = setting;
  const rooms: Rooms = new Rooms(setting, (sessionId) => across.tell({ what: "recordingFull", sessionId }));
  const across: Across = new Across(setting, rooms);
  return {
    engine: {
      name: setting.name,
      async check() {},
      // A room is there as soon as someone enters it: who may, the database knows.
      async openRoom() {
        return null;
      },
      entrance: ({ sessionId, title, welcome, logoutUrl, settings }, { name }) => ({
        page: (language, isFull) =>
          renderRoomPage({
            language,
            direction: messages.direction(language),
            text: (key) => messages.text(language, key),
            name,
            title,
            welcome,
            logoutUrl,
            recording: rooms.recorderOf(sessionId)?.now ? "now" : settings["record"] === true ? "perhaps" : "no",
            isFull,
            joinAddress: `${setting.publicUrl()}/api/join`,
          }),
      }),
      closeRoom: (sessionId) => across.tell({ what: "closed", sessionId }),
      moderation: across.moderation,
      recordings: rooms.recordings.port,
      here: {
        canWait: true,
        sessionIds: () => rooms.sessionIds(),
        setRight: (sessionId, inside) => rooms.setRight(sessionId, inside),
        countedOut: (sessionId, person) => void across.tell({ what: "countedOut", sessionId, person }),
      },
    },
    routes: (app) => builtinRoutes(app, setting, rooms),
  };
}

/** The default engine: rooms in this process, behind a page and a socket of our own; nothing else to install. */
export const builtin = { options: {}, open } satisfies EngineKind;
