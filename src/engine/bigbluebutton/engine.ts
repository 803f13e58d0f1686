import type { Engine, EngineSetting, OpenedEngine, RoomSpec } from "../engine.js";
import type { EngineKind } from "../kind.js";
import type { Element } from "./answer.js";
import { about } from "./about.js";
import { hearing } from "./callbacks/index.js";
import { Client } from "./client.js";
import { createPairs, type Creating, passwords } from "./create.js";
import { failed, isGone, NoAnswer } from "./errors.js";
import { Hook } from "./hooks.js";
import { createTimeOf, joinPairs } from "./join.js";
import { type Asked, findRoom, roomsElsewhere } from "./live.js";
import { accessOf, contradiction, flavourOf, options } from "./options.js";
import { recordingsOf } from "./recordings.js";

type Reach = Asked & Creating & { setting: EngineSetting };

/** The server's own id of the room, which its callbacks name as well; null where it does not say when that began. */
function roomIdOf(response: Element): string | null {
  const id = response.textOf("internalMeetingID");
  return createTimeOf(id) === response.textOf("createTime") ? id : null;
}

/** A call got no answer and may have arrived: whether the room is there decides, and where that can't be known, the call failed. */
async function settle(reach: Reach, sessionId: string, error: unknown): Promise<Element | undefined> {
  if (!(error instanceof NoAnswer) || !error.mayHaveArrived) throw error;
  const asking = { wholeMs: reach.setting.timings.engineAsk };
  return findRoom(reach, sessionId, asking).catch(() => {
    throw error;
  });
}

async function openRoom(reach: Reach, room: RoomSpec): Promise<string | null> {
  const { client, setting } = reach;
  try {
    const asking = { wholeMs: setting.timings.engineCreate };
    return roomIdOf((await client.demand("create", createPairs(room, reach), asking)).response);
  } catch (error) {
    const found = await settle(reach, room.sessionId, error);
    if (!found) throw error;
    return roomIdOf(found);
  }
}

async function endRoom(reach: Reach, sessionId: string): Promise<void> {
  const { client } = reach;
  const password = passwords(sessionId, reach).flatMap(([name, value]) =>
    name === "moderatorPW" ? ([["password", value]] as const) : [],
  );
  const answer = await client.ask("end", [["meetingID", sessionId], ...password]);
  if (answer.isSuccess || isGone(answer.key)) return;
  const found = await findRoom(reach, sessionId);
  // Some have no name of its own for a room that is not there; PlugNmeet's word for one that nobody has entered is the
  // same, and it ends by itself. Should somebody enter it after all, the next look finds it.
  const isLeft = answer.key === "error" && (found?.numberOf("participantCount") ?? 0) === 0;
  if (found && !isLeft) throw failed("end", answer.key);
}

async function closeRoom(reach: Reach, sessionId: string): Promise<void> {
  try {
    await endRoom(reach, sessionId);
  } catch (error) {
    if (await settle(reach, sessionId, error)) throw error;
  }
}

function open(setting: EngineSetting, given: Readonly<Record<string, string>>): OpenedEngine {
  const access = accessOf(given);
  const client = new Client(access, setting);
  const reach: Reach = { client, flavour: flavourOf(given), secret: access.secret, setting };
  const rooms = roomsElsewhere(reach);
  // With lines and patience of its own: what becomes of webhooks must not keep anybody out of rooms.
  const hook = reach.flavour.hasHooks ? new Hook(new Client(access, setting), setting) : undefined;
  const engine: Engine = {
    name: setting.name,
    async check() {
      await client.version();
      // The version is told to anybody; that our secret is good is said only to what is signed. Of a room that never was.
      await client.demand("isMeetingRunning", [["meetingID", "vconnct-check"]], { isRead: true });
    },
    openRoom(room) {
      hook?.keep();
      return openRoom(reach, room);
    },
    entrance: (room, person) => ({
      address: (language) => {
        const errorUrl = room.logoutUrl ?? setting.publicUrl();
        return client.address("join", joinPairs(room, person, { language, errorUrl }));
      },
    }),
    closeRoom: (sessionId) => closeRoom(reach, sessionId),
    elsewhere: {
      look(sessionIds) {
        hook?.keep();
        return rooms.look(sessionIds);
      },
    },
    recordings: recordingsOf(reach),
    about: () => about(client, reach.flavour, setting.publicUrl()),
  };
  return {
    engine,
    hear: hearing({
      ...setting,
      secrets: [access.secret],
      takesConstant: given["webhooks"] === "unsigned",
      look: (sessionIds) => rooms.look(sessionIds),
    }),
    async close() {
      client.close();
      hook?.client.close();
    },
  };
}

/** Conference servers that speak BigBlueButton's API. */
export const bigbluebutton = { env: "BBB", options, contradiction, open } satisfies EngineKind;
