import { ObjectType, registerEnumType } from "type-graphql";
import type { RecordingRun as RunRow } from "../../storage/index.js";
import { Plain } from "../plain.js";
import { DateTime } from "../scalars.js";

export const RecordingStop = {
  ENDED: "ENDED",
  LEFT: "LEFT",
  STOPPED: "STOPPED",
  STORAGE_FULL: "STORAGE_FULL",
  TAKEN_OVER: "TAKEN_OVER",
} as const;
registerEnumType(RecordingStop, {
  name: "RecordingStop",
  description: "Why nobody's page, or another's, recorded from then on.",
  valuesConfig: {
    ENDED: { description: "The session ended." },
    LEFT: { description: "Whoever recorded was gone, and no other moderator's page could." },
    STOPPED: { description: "A moderator stopped it." },
    STORAGE_FULL: { description: "There was no room left for recordings." },
    TAKEN_OVER: { description: "Another page went on recording." },
  },
});

@ObjectType({
  description: "One page that recorded a session, in a room of the built-in engine: who it was, and from when to when.",
})
export class RecordingRun {
  constructor(readonly row: RunRow) {}

  @Plain(() => DateTime, { description: "When it began to record." })
  get startedAt(): Date {
    return this.row.startedAt;
  }

  @Plain(() => DateTime, { nullable: true, description: "When it stopped; null while it records." })
  get stoppedAt(): Date | null {
    return this.row.stoppedAt;
  }

  @Plain(() => Boolean, {
    description: "Whether the server asked that page to record; otherwise its moderator began it.",
  })
  get isAutomatic(): boolean {
    return this.row.isAutomatic;
  }

  @Plain(() => RecordingStop, { nullable: true, description: "Why it stopped; null while it records." })
  get stopCause(): RunRow["stopCause"] {
    return this.row.stopCause;
  }
}
