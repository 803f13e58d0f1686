import { db } from "./door.js";

export interface Meeting {
  id: string;
  title: string | null;
  moderator_password: string | null;
  welcome_text: string | null;
  settings: string;
}

export const meetingById = db.prepare<[string, string], Meeting>(`
  SELECT id, title, moderator_password, welcome_text, settings
  FROM meetings WHERE id = ? AND license_id = ? AND deleted_at IS NULL`);

/** As they are stored, and as v1 calls them, in v1's order. */
export const settings = [
  "lockSettingsDisablePublicChat",
  "lockSettingsDisableMic",
  "autoStartRecording",
  "lockSettingsDisableCam",
  "lockSettingsLockedLayout",
  "allowStartStopRecording",
  "record",
  "webcamOnlyForModerators",
  "lockSettingsDisableNote",
  "lockSettingsDisablePrivateChat",
].map((name): [string, string] => [name, name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)]);

export const settingEntries = (stored: string) => {
  const values = JSON.parse(stored) as Record<string, boolean>;
  return settings.map(([name, setting]) => ({ setting, value: values[name] === true }));
};
