import type { Person, RoomSpec } from "../engine.js";
import type { Pairs } from "./signing.js";

/** The server's own id of a room ends with when it was created; it goes into each way in, so that it fits no later room. */
export const createTimeOf = (engineRoomId: string | null): string | undefined =>
  engineRoomId?.match(/^[0-9a-f]{40}-(\d{13})$/)?.[1];

/** What `join` is sent in a person's browser. Says the role, so that no password is in it. */
export function joinPairs(
  room: RoomSpec,
  person: Person,
  { language, errorUrl }: { language: string; errorUrl: string },
): Pairs {
  const createTime = createTimeOf(room.engineRoomId);
  return [
    ["fullName", person.name],
    ["meetingID", room.sessionId],
    ["role", person.role],
    ["userID", person.id],
    ...(createTime === undefined ? [] : ([["createTime", createTime]] as const)),
    ["errorRedirectUrl", errorUrl],
    ["userdata-bbb_override_default_locale", language],
  ];
}
