/**
 * THE LIST of a meeting's switches, in the v1 document's order. Every door is made from it: a new switch is one more
 * entry, with `inV1: false`, because v1 promised exactly its ten. `isLock`: it takes something from viewers.
 */
export const settingList = [
  {
    name: "lockSettingsDisablePublicChat",
    v1: "lock_settings_disable_public_chat",
    inV1: true,
    meaning: "Viewers cannot use public chat.",
    isLock: true,
  },
  {
    name: "lockSettingsDisableMic",
    v1: "lock_settings_disable_mic",
    inV1: true,
    meaning: "Viewers cannot use their microphone.",
    isLock: true,
  },
  {
    name: "autoStartRecording",
    v1: "auto_start_recording",
    inV1: true,
    meaning: "Recording starts with the session; only effective together with `record`.",
    isLock: false,
  },
  {
    name: "lockSettingsDisableCam",
    v1: "lock_settings_disable_cam",
    inV1: true,
    meaning: "Viewers cannot share their camera.",
    isLock: true,
  },
  {
    name: "lockSettingsLockedLayout",
    v1: "lock_settings_locked_layout",
    inV1: true,
    meaning: "Viewers cannot change the layout.",
    isLock: true,
  },
  {
    name: "allowStartStopRecording",
    v1: "allow_start_stop_recording",
    inV1: true,
    meaning: "Moderators may start and stop the recording during the session.",
    isLock: false,
  },
  {
    name: "record",
    v1: "record",
    inV1: true,
    meaning: "The session can be recorded at all.",
    isLock: false,
  },
  {
    name: "webcamOnlyForModerators",
    v1: "webcam_only_for_moderators",
    inV1: true,
    meaning: "Viewers see only the cameras of moderators.",
    isLock: true,
  },
  {
    name: "lockSettingsDisableNote",
    v1: "lock_settings_disable_note",
    inV1: true,
    meaning: "Viewers cannot edit the shared notes.",
    isLock: true,
  },
  {
    name: "lockSettingsDisablePrivateChat",
    v1: "lock_settings_disable_private_chat",
    inV1: true,
    meaning: "Viewers cannot use private chat.",
    isLock: true,
  },
] as const;

export type SettingName = (typeof settingList)[number]["name"];
export type Settings = Record<SettingName, boolean>;

export type LockName = Extract<(typeof settingList)[number], { isLock: true }>["name"];
/** What viewers may not do or see; these may change while a session runs. */
export const lockNames = settingList.flatMap(({ name, isLock }) => (isLock ? [name] : []));
export type LocksPatch = { [Name in LockName]?: boolean | null | undefined };

type Stored = { readonly [name: string]: boolean | null | undefined };

/** As it is stored: a switch that is not there is off. */
export const isOn = (stored: Stored, name: SettingName): boolean => stored[name] === true;

export const readSettings = (stored: Stored): Settings =>
  Object.fromEntries(settingList.map(({ name }) => [name, isOn(stored, name)])) as Settings;

/** `LOCK_SETTINGS_DISABLE_MIC` for `lockSettingsDisableMic`: lower-cased, it is the v1 name. */
export const settingConstant = (name: SettingName): string => name.replace(/[A-Z]/g, "_$&").toUpperCase();
