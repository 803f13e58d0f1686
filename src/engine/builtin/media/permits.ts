// What may pass between two people, by their roles and the session's switches. The page asks here as well: what the server
// takes out of a description on its way, an honest page does not offer, and does not take.

/** The three things a person can send, in the order of the descriptions' m-lines. */
export const slots = ["mic", "cam", "screen"] as const;
export type Slot = (typeof slots)[number];
/** Of each, whether it is on. */
export type Slots = Readonly<Record<Slot, boolean>>;

export const nothingOn: Slots = { mic: false, cam: false, screen: false };

type Settings = Readonly<Record<string, boolean>>;

/** The switch that keeps a viewer from this, where it is on. Screens are for moderators, whatever the switches. */
export function lockOf(slot: Slot, settings: Settings): string | undefined {
  const lock = { mic: "lockSettingsDisableMic", cam: "lockSettingsDisableCam", screen: undefined }[slot];
  return lock !== undefined && settings[lock] === true ? lock : undefined;
}

/** Whether this person may have it on at all. */
export const mayHaveOn = (slot: Slot, settings: Settings, isModerator: boolean): boolean =>
  isModerator || (slot !== "screen" && lockOf(slot, settings) === undefined);

/** Whether it may go from one person to another. */
export function mayPass(slot: Slot, settings: Settings, from: { isModerator: boolean }, to: { isModerator: boolean }) {
  if (!mayHaveOn(slot, settings, from.isModerator)) return false;
  return slot !== "cam" || from.isModerator || to.isModerator || settings["webcamOnlyForModerators"] !== true;
}
