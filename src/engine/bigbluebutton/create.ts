import { createHmac } from "node:crypto";
import { EngineRefused, type EngineSetting, type RoomSpec } from "../engine.js";
import { textFor, titleFor } from "./texts.js";
import type { Flavour } from "./flavours.js";
import type { Pairs } from "./signing.js";

export interface Creating {
  setting: Pick<EngineSetting, "messages" | "emptyRoomMinutes" | "callbackUrl">;
  flavour: Flavour;
  secret: string;
}

/** Longer than any lesson: where rooms may stay empty for ever, one that nobody ever enters goes after a week. */
const A_WEEK_IN_MINUTES = 7 * 24 * 60;

/** Bytes of a whole address: web servers take 8 KiB by themselves. What is over is taken from the welcome text. */
const LONGEST_ADDRESS = 7_000;

/** The same for both spellings, and for every call about this session; nobody learns them, because ways in say the role. */
const passwordOf = (role: string, sessionId: string, secret: string): string =>
  createHmac("sha256", secret).update(`vconnct ${role} ${sessionId}`).digest("hex").slice(0, 32);

/** Those of a room, where the server wants them. */
export const passwords = (sessionId: string, { flavour, secret }: Pick<Creating, "flavour" | "secret">): Pairs =>
  flavour.wantsPasswords
    ? [
        ["attendeePW", passwordOf("attendee", sessionId, secret)],
        ["moderatorPW", passwordOf("moderator", sessionId, secret)],
      ]
    : [];

/** The ten switches, in each spelling that some version reads; unknown ones are ignored. */
function switches(settings: RoomSpec["settings"], { locksLayout, startsAndStopsRecording }: Flavour): Pairs {
  const said = (name: string) => String(settings[name] === true);
  const isLayoutLocked = settings["lockSettingsLockedLayout"] === true;
  return [
    ["record", said("record")],
    ["autoStartRecording", said("autoStartRecording")],
    ...(startsAndStopsRecording ? ([["allowStartStopRecording", said("allowStartStopRecording")]] as const) : []),
    ["webcamsOnlyForModerator", said("webcamOnlyForModerators")],
    ["lockSettingsDisableCam", said("lockSettingsDisableCam")],
    ["lockSettingsDisableMic", said("lockSettingsDisableMic")],
    ["lockSettingsDisablePublicChat", said("lockSettingsDisablePublicChat")],
    ["lockSettingsDisablePrivateChat", said("lockSettingsDisablePrivateChat")],
    ["lockSettingsDisableNotes", said("lockSettingsDisableNote")],
    ["lockSettingsDisableNote", said("lockSettingsDisableNote")],
    ...(locksLayout ? ([["lockSettingsLockedLayout", said("lockSettingsLockedLayout")]] as const) : []),
    // Since 2.5 it is a feature that is taken away.
    ...(locksLayout && isLayoutLocked ? ([["disabledFeatures", "layouts"]] as const) : []),
  ];
}

/** An empty room lasts as long as one of ours; by itself the server would end it after five minutes, or after one. */
function lasting(emptyRoomMinutes: number): Pairs {
  const minutes = Math.ceil(emptyRoomMinutes);
  return [
    ["meetingExpireIfNoUserJoinedInMinutes", String(minutes || A_WEEK_IN_MINUTES)],
    // 0 is for ever to the server, too.
    ["meetingExpireWhenLastUserLeftInMinutes", String(minutes)],
  ];
}

/** Where the server tells what happens. Not with `meta_`, which is shown to clients, where it knows another name. */
function callbacks(sessionId: string, { setting, flavour }: Creating): Pairs {
  if (!flavour.callsBack) return [];
  return [
    // Without events kept there is no attendance to tell of, unless the session is recorded.
    ["meetingKeepEvents", "true"],
    ["meetingEndedURL", setting.callbackUrl(`ended/${sessionId}`)],
    ["meta_bbb-recording-ready-url", setting.callbackUrl("recording-ready")],
    ["meta_analytics-callback-url", setting.callbackUrl("analytics")],
  ];
}

/**
 * What `create` is sent for a room.
 * @throws EngineRefused where the logout address alone makes it too long: the server would give no answer of its own, and
 * so seem to be out of order
 */
export function createPairs(room: RoomSpec, creating: Creating): Pairs {
  const { sessionId, meetingId, licenseId, title, logoutUrl, maxAttendance } = room;
  const { messages, emptyRoomMinutes } = creating.setting;
  const name = titleFor(title ?? messages.text(messages.negotiate(undefined), "page.untitled"));
  const pairs: Pairs = [
    ["meetingID", sessionId],
    ["name", name],
    ...passwords(sessionId, creating),
    // 0 would be any number. Nobody is let so far where a license lets nobody in.
    ...(maxAttendance === null ? [] : ([["maxParticipants", String(Math.max(1, maxAttendance))]] as const)),
    ...(logoutUrl === null ? [] : ([["logoutURL", logoutUrl]] as const)),
    ...switches(room.settings, creating.flavour),
    ...lasting(emptyRoomMinutes),
    ...callbacks(sessionId, creating),
    ["meta_gw-session-id", sessionId],
    ["meta_gw-meeting-id", meetingId],
    ["meta_gw-tenant", licenseId],
  ];
  const left = LONGEST_ADDRESS - new URLSearchParams(pairs.map(([...pair]) => pair)).toString().length;
  if (left < 0) throw new EngineRefused("create: the session's logout address is too long for the server");
  // Always one of ours: the server's own holds a place for the title, and fails on a title with a `$` in it.
  return [...pairs, ["welcome", textFor(room.welcome ?? name, left)]];
}
