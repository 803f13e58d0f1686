import { type Answer, page } from "./answer.js";
import type { Recording, Recordings } from "./recordings.js";
import type { Agenda } from "./agenda.js";
import type { Settings } from "./flavours.js";
import { letters } from "./letters.js";

const minute = 60_000;

/** Where a format is played. */
function pathOf({ recordID }: Recording, type: string): string {
  if (type === "presentation") return `/playback/presentation/2.3/${recordID}`;
  return type === "podcast" ? `/podcast/${recordID}/audio.ogg` : `/playback/${type}/${recordID}/`;
}

interface Around {
  settings: Settings;
  agenda: Agenda;
  recordings: Recordings;
  origin: () => string;
}

/** Addresses that work once, or for a while: Scalelite's protected recordings, and PlugNmeet's downloads. */
export class Playback {
  readonly #tokens = new Map<string, { recordID: string; until: number; once: boolean }>();

  constructor(private readonly world: Around) {}

  /** Asked anew, it is another one where addresses are passed only for a while. */
  url(recording: Recording, type: string): string {
    const { settings, agenda, origin } = this.world;
    const { recordID } = recording;
    const token = letters(24);
    if (settings.flavour === "plugnmeet") {
      this.#tokens.set(token, { recordID, until: agenda.now() + 30 * minute, once: false });
      return `${origin()}/download/recording/${token}`;
    }
    if (!settings.protectedRecordings) return origin() + pathOf(recording, type);
    this.#tokens.set(token, { recordID, until: agenda.now() + 60 * minute, once: true });
    return `${origin()}${pathOf(recording, type)}?token=${token}`;
  }

  /** undefined where the address is none of a recording's. */
  play(path: string, token: string): Answer | undefined {
    const { settings, agenda, recordings } = this.world;
    const bearer = /^\/download\/recording\/(\w+)$/.exec(path)?.[1] ?? token;
    if (!/^\/(?:playback|podcast|download)\//.test(path)) return undefined;
    const pass = this.#tokens.get(bearer);
    if (pass?.once) this.#tokens.delete(bearer);
    const needsPass = settings.flavour === "plugnmeet" || settings.protectedRecordings;
    if (needsPass && !(pass && pass.until > agenda.now())) return page(403, "Forbidden");
    const wanted = recordings.all().find(({ recordID }) => recordID === pass?.recordID || path.includes(recordID));
    return wanted?.state === "published" ? page(200, "Playback") : page(404, "Not Found");
  }
}
