import type { LivePerson, LiveRoom, RoomsElsewhere } from "../engine.js";
import type { Element } from "./answer.js";
import type { Asking, Client } from "./client.js";
import { failed, isGone } from "./errors.js";
import type { Flavour } from "./flavours.js";
import type { Pairs } from "./signing.js";

export interface Asked {
  client: Client;
  flavour: Flavour;
}

/** Rooms that are asked for one by one at the same time. */
const AT_ONCE = 8;
/** So few are asked for one by one also where all can be had in one call. */
const FEW = 2;

/** An ended room is told of for a while. */
const isOver = (meeting: Element): boolean =>
  meeting.textOf("hasBeenForciblyEnded") === "true" || (meeting.numberOf("endTime") ?? 0) > 0;

function roomOf(meeting: Element, { keepsOurIds }: Flavour): LiveRoom {
  const people = meeting.all("attendees", "attendee").map((attendee): LivePerson => {
    const id = attendee.textOf("userID");
    return {
      personId: keepsOurIds ? id : null,
      name: attendee.textOf("fullName"),
      role: attendee.textOf("role").toUpperCase() === "MODERATOR" ? "MODERATOR" : "VIEWER",
      ...(!keepsOurIds && { engineUserId: id }),
    };
  });
  const count = meeting.numberOf("participantCount") ?? people.length;
  return { sessionId: meeting.textOf("meetingID"), people, count };
}

/**
 * What the server says of one room that is there and not over.
 * @throws EngineUnavailable, EngineRefused
 */
export async function findRoom(
  { client }: Asked,
  sessionId: string,
  asking: Asking = {},
): Promise<Element | undefined> {
  const pairs: Pairs = [["meetingID", sessionId]];
  const answer = await client.ask("getMeetingInfo", pairs, { ...asking, isRead: true });
  if (answer.isSuccess) return isOver(answer.response) ? undefined : answer.response;
  if (isGone(answer.key)) return undefined;
  throw failed("getMeetingInfo", answer.key);
}

async function oneByOne(asked: Asked, sessionIds: readonly string[]): Promise<LiveRoom[]> {
  const waiting = [...sessionIds];
  const rooms: LiveRoom[] = [];
  const take = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const found = await findRoom(asked, id);
      if (found) rooms.push(roomOf(found, asked.flavour));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, take));
  return rooms;
}

/** Of all applications that share the server: others' are left out. */
async function listed({ client, flavour }: Asked, sessionIds: readonly string[]): Promise<LiveRoom[]> {
  const { response } = await client.demand("getMeetings", [], { isRead: true });
  const wanted = new Set(sessionIds);
  const meetings = response.all("meetings", "meeting").filter((meeting) => wanted.has(meeting.textOf("meetingID")));
  return meetings.filter((meeting) => !isOver(meeting)).map((meeting) => roomOf(meeting, flavour));
}

export const roomsElsewhere = (asked: Asked): RoomsElsewhere => ({
  async look(sessionIds) {
    const isFew = sessionIds.length <= FEW;
    return isFew || !asked.flavour.listsRooms ? oneByOne(asked, sessionIds) : listed(asked, sessionIds);
  },
});
