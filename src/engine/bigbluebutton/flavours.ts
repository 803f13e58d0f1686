/** How the checksum of a call is made. */
export const checksums = ["sha256", "sha1", "sha384", "sha512"] as const;
export type Checksum = (typeof checksums)[number];

/** What a server that speaks the dialect can do, and how it wants to be asked. */
export interface Flavour {
  title: string;
  /** Those it takes; the first where none is said. */
  checksums: readonly Checksum[];
  /** One call tells of all its rooms, at about the price of one room. */
  listsRooms: boolean;
  /** In the answers people have the id that their way in had. */
  keepsOurIds: boolean;
  /** It calls the addresses that a room is created with: at its end, with its attendance, when its recording is ready. */
  callsBack: boolean;
  /** It may have the module that tells of comings and goings as they happen. */
  hasHooks: boolean;
  locksLayout: boolean;
  /** Whether moderators may start and stop the recording can be said. */
  startsAndStopsRecording: boolean;
  /** Recordings can be asked for in whatever state; else only finished ones are told of. */
  statesOfRecordings: boolean;
  /** Its recordings' addresses are good for half an hour, whoever has them. */
  hasTemporaryUrls: boolean;
  /** It makes up one password where only it is missing, so both are always said. */
  wantsPasswords: boolean;
}

/** The servers that are known, by BBB_FLAVOUR. */
export const flavours = {
  bigbluebutton: {
    title: "BigBlueButton",
    checksums,
    listsRooms: true,
    keepsOurIds: true,
    callsBack: true,
    hasHooks: true,
    locksLayout: true,
    startsAndStopsRecording: true,
    statesOfRecordings: true,
    hasTemporaryUrls: false,
    wantsPasswords: false,
  },
  scalelite: {
    title: "Scalelite",
    checksums: ["sha256", "sha1", "sha512"],
    // It asks its servers one after another, and one that fails fails all.
    listsRooms: false,
    keepsOurIds: true,
    callsBack: true,
    hasHooks: false,
    locksLayout: true,
    startsAndStopsRecording: true,
    statesOfRecordings: false,
    hasTemporaryUrls: false,
    wantsPasswords: true,
  },
  plugnmeet: {
    title: "PlugNmeet",
    checksums: ["sha1"],
    listsRooms: true,
    keepsOurIds: false,
    callsBack: false,
    hasHooks: false,
    locksLayout: false,
    startsAndStopsRecording: false,
    statesOfRecordings: false,
    hasTemporaryUrls: true,
    wantsPasswords: false,
  },
} as const satisfies Record<string, Flavour>;

export type FlavourName = keyof typeof flavours;
