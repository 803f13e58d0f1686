import type { Agenda } from "./agenda.js";
import type { Settings } from "./flavours.js";
import type { Meeting } from "./meeting.js";
import type { Meetings } from "./meetings.js";

export const recordingStates = ["processing", "processed", "published", "unpublished", "deleted"] as const;
export type RecordingState = (typeof recordingStates)[number];

export interface Format {
  /** `presentation`, `video`, `podcast`, … */
  type: string;
  /** Minutes. */
  length: number;
}

export interface Recording {
  /** The meeting's internal id. */
  recordID: string;
  meetingID: string;
  name: string;
  state: RecordingState;
  startTime: number;
  endTime: number;
  participants: number;
  /** Bytes. */
  size: number;
  metadata: Record<string, string>;
  formats: Format[];
}

/** What the recording's pipeline tells, by the names of bbb-webhooks. */
export type Step = `rap-${"archive-ended" | "process-started" | "process-ended" | "publish-started" | "publish-ended"}`;
export type Change = Step | `rap-${"published" | "unpublished" | "deleted"}`;

/** How a recording comes out, where the test says it. */
export interface Finishing {
  formats?: (string | Format)[];
  /** Bytes. */
  size?: number;
}

export class Recordings {
  readonly #all: Recording[] = [];
  readonly #listeners: ((id: Change, recording: Recording) => void)[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly agenda: Agenda,
    meetings: Meetings,
  ) {
    meetings.listen((event) => {
      if (event.id === "meeting-ended" && event.meeting.recordingStarted) this.#begin(event.meeting);
    });
  }

  listen(listener: (id: Change, recording: Recording) => void): void {
    this.#listeners.push(listener);
  }

  all(): readonly Recording[] {
    return this.#all;
  }

  process(recording: Recording): void {
    if (recording.state !== "processing") return;
    recording.state = "processed";
    this.#tell(recording, "rap-process-ended", "rap-publish-started");
  }

  /** The pipeline's last step, with one ready-made format or more. */
  finish(recording: Recording, { formats, size }: Finishing = {}): void {
    this.process(recording);
    if (recording.state !== "processed") return;
    const length = Math.round((recording.endTime - recording.startTime) / 60_000);
    if (formats) recording.formats = formats.map((each) => (typeof each === "string" ? { type: each, length } : each));
    recording.size = size ?? recording.size;
    recording.state = "published";
    this.#tell(recording, "rap-publish-ended", "rap-published");
  }

  publish(recording: Recording, published: boolean): void {
    recording.state = published ? "published" : "unpublished";
    this.#tell(recording, published ? "rap-published" : "rap-unpublished");
  }

  remove(recording: Recording): void {
    recording.state = "deleted";
    this.#tell(recording, "rap-deleted");
  }

  #begin(meeting: Meeting): void {
    const { startTime, endTime } = meeting;
    const recording: Recording = {
      recordID: meeting.internalMeetingID,
      meetingID: meeting.meetingID,
      name: meeting.name,
      state: "processing",
      startTime,
      endTime,
      participants: new Set(meeting.visits.map(({ externalId }) => externalId)).size,
      size: 1_048_576,
      metadata: { ...meeting.metadata },
      formats: [{ type: "presentation", length: Math.round((endTime - startTime) / 60_000) }],
    };
    this.#all.push(recording);
    this.#tell(recording, "rap-archive-ended", "rap-process-started");
    this.agenda.in(this.settings.times.processed, () => this.process(recording));
    this.agenda.in(this.settings.times.published, () => this.finish(recording));
  }

  #tell(recording: Recording, ...ids: Change[]): void {
    for (const id of ids) for (const listener of this.#listeners) listener(id, recording);
  }
}
