import { type Settings, type SettingName, settingConstant, settingList } from "../domain/settings.js";

// Graph result → the document's keys in the document's order. null ↔ "" is translated here, both ways, and nowhere else.

/** v1 types every text as a string (create-2). */
export const text = (value: string | null): string => value ?? "";

/** A text as the graph takes it: left out stays left out, `""` means not set (create-2, update-1). */
export const given = (value: unknown): string | null | undefined =>
  value === undefined ? undefined : value === "" ? null : (value as string | null);

interface Entry {
  name: string;
  value: boolean;
}

const v1Settings = settingList.filter(({ inV1 }) => inV1);
const v1Of = new Map<string, string>(v1Settings.map(({ name, v1 }) => [settingConstant(name), v1]));
/** The list of general settings has an order of its own in the document (general-1). */
const generalOrder: SettingName[] = [
  "lockSettingsDisableCam",
  "record",
  "lockSettingsDisableNote",
  "lockSettingsDisablePublicChat",
  "webcamOnlyForModerators",
  "lockSettingsDisableMic",
  "lockSettingsLockedLayout",
  "lockSettingsDisablePrivateChat",
  "allowStartStopRecording",
  "autoStartRecording",
];

/** `meeting_setting` as partners send it → the graph's typed switches. */
export function toSettings(list: unknown): Settings {
  const values = new Map((list as { setting: string; value: boolean }[]).map(({ setting, value }) => [setting, value]));
  return Object.fromEntries(v1Settings.map(({ name, v1 }) => [name, values.get(v1)])) as Settings;
}

/** In the document's order, whatever order they came in (create-3, setting-1). */
export const settingEntries = (entries: Entry[]): { setting: string; value: boolean }[] =>
  entries.flatMap(({ name, value }) => {
    const setting = v1Of.get(name);
    return setting === undefined ? [] : [{ setting, value }];
  });

export function generalSettings(entries: Entry[]): Record<string, boolean> {
  const values = new Map(entries.map(({ name, value }) => [name, value]));
  return Object.fromEntries(
    generalOrder.map((name) => [settingConstant(name).toLowerCase(), values.get(settingConstant(name)) === true]),
  );
}

export interface GraphMeeting {
  id: string;
  title: string | null;
  moderatorPassword: string | null;
  welcomeText: string | null;
}

export const meeting = (shown: GraphMeeting & { settings: { entries: Entry[] } }) => ({
  meeting_id: shown.id,
  title: text(shown.title),
  moderator_password: text(shown.moderatorPassword),
  welcome_text: text(shown.welcomeText),
  meeting_setting: settingEntries(shown.settings.entries),
});

/** What a meeting's texts are called in a list: its document asks by the documented keys, in their order. */
type ListedTexts = Record<"title" | "moderator_password" | "welcome_text", string | null>;

/** The rows themselves, because a list may have thousands: each is written to its answer once, and forgotten. */
export function listedMeetings(rows: ListedTexts[]): ListedTexts[] {
  for (const row of rows) {
    row.title ??= "";
    row.moderator_password ??= "";
    row.welcome_text ??= "";
  }
  return rows;
}

export interface GraphSession {
  id: string;
  title: string | null;
  startedAt: string;
  endedAt: string | null;
  attendeePassword: string | null;
  status: "RUNNING" | "ENDED" | "FAILED";
}

export const session = (shown: GraphSession) => ({
  session_id: shown.id,
  title: text(shown.title),
  session_start_time: shown.startedAt,
  session_end_time: shown.endedAt,
  attendee_password: text(shown.attendeePassword),
  // "In good order", running or ended (sessions-2).
  status: shown.status !== "FAILED",
});
