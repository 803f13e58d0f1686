// What the room hands to the part that records: plain things, so that this part brings nothing of the page with it.

/** One tile, as the stage shows it. */
export interface Seen {
  name: string;
  /** Shown where there is no picture. */
  monogram: string;
  /** Which of the avatars' colours, as in the styles. */
  hue: number;
  track: MediaStreamTrack | undefined;
  isScreen: boolean;
  isLarge: boolean;
  isSpeaking: boolean;
  isMute: boolean;
}

export interface Scene {
  title: string;
  direction: "rtl" | "ltr";
  /** The large one first. */
  tiles: readonly Seen[];
  /** What stands behind a name whose screen this is. */
  screenOf: string;
  /** An icon's strokes, 24 by 24. */
  muteStrokes: string;
}
