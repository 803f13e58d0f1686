import { Float, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Recording as RecordingRow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { Node } from "../node.js";
import type { Reads } from "../paging/asked.js";
import { DateTime, WebURL } from "../scalars.js";
import { Plain } from "../plain.js";
import { RecordingFormat } from "./recording-format.js";
import { isShown, shownUrl, whatIsShown } from "./shown-url.js";

export const RecordingStatus = { FAILED: "FAILED", PROCESSING: "PROCESSING", READY: "READY" } as const;
registerEnumType(RecordingStatus, {
  name: "RecordingStatus",
  description: "Processing state of a recording.",
  valuesConfig: {
    FAILED: { description: "Could not be produced." },
    PROCESSING: { description: "Being produced." },
    READY: { description: "Can be played." },
  },
});

@ObjectType({ implements: Node, description: "The recording of one session." })
export class Recording extends Node<RecordingRow> {
  static readonly reads: Reads<RecordingRow> = {
    playbackUrl: [...whatIsShown, "playbackUrl"],
    formats: [...whatIsShown, "formats"],
    session: ["sessionId"],
  };

  @Plain(() => RecordingStatus, { description: "Processing state." })
  get status(): RecordingRow["status"] {
    return this.row.status;
  }

  @Plain(() => Boolean, { description: "Whether the playback page may be opened." })
  get isPublished(): boolean {
    return this.row.isPublished;
  }

  /** Whether there is an address to play it. */
  get isPlayable(): boolean {
    return isShown(this.row) && (this.row.hasTemporaryUrls || this.row.playbackUrl !== null);
  }

  @Plain(() => WebURL, {
    nullable: true,
    description: "Playback page; null unless the recording is ready and published.",
  })
  playbackUrl(_arguments: object, context: Context): string | null | Promise<string | null> {
    return shownUrl(this.row, context, this.row.playbackUrl, (now) => now.playbackUrl);
  }

  @Plain(() => Boolean, {
    description:
      "Whether its addresses are good for a while only, as with a protected recording: ask for them when somebody wants to watch, and keep none.",
  })
  get hasTemporaryUrls(): boolean {
    return this.row.hasTemporaryUrls;
  }

  @Plain(() => Int, { nullable: true, description: "Length in seconds; null until it is ready, or not known." })
  get durationSeconds(): number | null {
    return this.row.durationSeconds;
  }

  @Plain(() => Float, {
    nullable: true,
    description: "Size of all its formats in bytes, a whole number; null until it is ready, or not known.",
  })
  get sizeBytes(): number | null {
    return this.row.sizeBytes;
  }

  @Plain(() => [RecordingFormat], {
    description: "The ways to play it, as its engine lists them; more may come after it is ready.",
  })
  get formats(): RecordingFormat[] {
    return this.row.formats.map((stored) => new RecordingFormat(this.row, stored));
  }

  @Plain(() => DateTime, { nullable: true, description: "When what it shows began; null where it is not known." })
  get startedAt(): Date | null {
    return this.row.startedAt;
  }

  @Plain(() => DateTime, { nullable: true, description: "When what it shows ended; null where it is not known." })
  get endedAt(): Date | null {
    return this.row.endedAt;
  }

  @Plain(() => DateTime, { description: "When recording data was first received." })
  get createdAt(): Date {
    return this.row.createdAt;
  }
}
