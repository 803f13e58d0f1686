import { type Algorithm, algorithms } from "./signature.js";

export type Flavour = "bbb" | "bbb-2.3" | "scalelite" | "plugnmeet";

/** Which bbb-webhooks stands beside the server; by it the checksums of its deliveries differ, and the form of ids. */
export type HooksVersion = "2.6" | "3.0" | "3.4";

interface Traits {
  checksums: readonly Algorithm[];
  hooks: HooksVersion | "none";
  contentType: string;
  /** The `messageKey` for a meeting that is not there. */
  unknownMeeting: string;
  version: string;
}

export const flavours: Record<Flavour, Traits> = {
  bbb: {
    checksums: algorithms,
    hooks: "3.4",
    contentType: "text/xml",
    unknownMeeting: "notFound",
    version: "2.0",
  },
  "bbb-2.3": {
    checksums: ["sha1", "sha256"],
    hooks: "2.6",
    contentType: "text/xml",
    unknownMeeting: "invalidMeetingIdentifier",
    version: "2.0",
  },
  scalelite: {
    checksums: ["sha1", "sha256", "sha512"],
    hooks: "none",
    contentType: "application/xml",
    unknownMeeting: "notFound",
    version: "2.0",
  },
  plugnmeet: {
    checksums: ["sha1"],
    hooks: "none",
    contentType: "application/xml",
    unknownMeeting: "notFound",
    version: "0.9",
  },
};

const minutes = 60_000;

/** Milliseconds of the peer's clock. */
export const defaultTimes = {
  /** From `end` until the people are out. */
  end: 1_000,
  /** How long an ended meeting is still told of. */
  forget: minutes,
  /** How long who has left is still among the attendees. */
  lag: minutes,
  /** From the end until a recording is processed, and until it is published. */
  processed: 10 * minutes,
  published: 12 * minutes,
  /** From the end until the analytics are posted. */
  analytics: 2 * minutes,
  /** How long a delivery may take. */
  hookTimeout: 5_000,
  /** Until each next try of a delivery; when the last has failed, the hook is deleted. */
  hookRetries: [100, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 30_000, minutes, minutes, minutes, minutes],
};

export type Times = typeof defaultTimes;

export interface PeerOptions {
  flavour?: Flavour;
  /** 32 characters at random when left out. */
  secret?: string;
  /** A subset of what the flavour accepts, as an operator may shorten it. */
  checksums?: readonly Algorithm[];
  hooks?: HooksVersion | "none";
  /** What deliveries are signed with, whatever the calls use; with `bearer` they carry the secret in a header instead. */
  hookChecksum?: Algorithm | "bearer";
  times?: Partial<Times>;
  /** False: `getMeetings` always answers that there are none, as Scalelite can be told to. */
  listsMeetings?: boolean;
  /** False: `getRecordings` without `meetingID` and `recordID` is refused. */
  listsAllRecordings?: boolean;
  /** True: playback addresses work once, within an hour of being told. Scalelite's do. */
  protectedRecordings?: boolean;
  /** How the recording-ready callback is signed. */
  readyToken?: "HS256" | "HS512";
  /** Where the server's clock begins and goes; the machine's when left out. */
  clock?: () => number;
}

export interface Settings
  extends Required<Omit<PeerOptions, "times">>,
    Pick<Traits, "contentType" | "unknownMeeting" | "version"> {
  times: Times;
}

export function settingsOf({ times, ...options }: PeerOptions): Settings {
  const flavour = options.flavour ?? "bbb";
  return {
    flavour,
    secret: crypto.randomUUID().replaceAll("-", ""),
    hookChecksum: "sha1",
    listsMeetings: true,
    listsAllRecordings: true,
    protectedRecordings: flavour === "scalelite",
    readyToken: "HS256",
    clock: Date.now,
    ...flavours[flavour],
    ...options,
    times: { ...defaultTimes, ...times },
  };
}
