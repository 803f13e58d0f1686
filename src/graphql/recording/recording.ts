import { Int, ObjectType, registerEnumType } from "type-graphql";
import type { Recording as RecordingRow } from "../../storage/index.js";
import { Node } from "../node.js";
import type { Reads } from "../paging/asked.js";
import { DateTime, WebURL } from "../scalars.js";
import { Plain } from "../plain.js";

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
    playbackUrl: ["status", "isPublished", "playbackUrl"],
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

  @Plain(() => WebURL, {
    nullable: true,
    description: "Playback page; null unless the recording is ready and published.",
  })
  get playbackUrl(): string | null {
    return this.row.status === "READY" && this.row.isPublished ? this.row.playbackUrl : null;
  }

  @Plain(() => Int, { nullable: true, description: "Length in seconds; null until it is ready." })
  get durationSeconds(): number | null {
    return this.row.durationSeconds;
  }

  @Plain(() => DateTime, { description: "When recording data was first received." })
  get createdAt(): Date {
    return this.row.createdAt;
  }
}
