import { ObjectType, registerEnumType } from "type-graphql";
import type { Session as SessionRow, SessionStatus as StoredStatus } from "../../storage/index.js";
import type { Context } from "../context.js";
import { demand } from "../run/scopes.js";
import { Node } from "../node.js";
import type { Reads } from "../paging/asked.js";
import { DateTime, WebURL } from "../scalars.js";
import { MeetingSettings } from "../settings.js";
import { Plain } from "../plain.js";

export const SessionStatus = { ENDED: "ENDED", FAILED: "FAILED", RUNNING: "RUNNING" } as const;
export type SessionStatus = keyof typeof SessionStatus;
registerEnumType(SessionStatus, {
  name: "SessionStatus",
  description: "Lifecycle of a session.",
  valuesConfig: {
    ENDED: { description: "Over." },
    FAILED: { description: "The conference engine failed to start it or lost it." },
    RUNNING: { description: "Running now." },
  },
});

/** What is being opened or closed right now is shown as running. */
const shownStatus: Record<StoredStatus, SessionStatus> = {
  STARTING: "RUNNING",
  RUNNING: "RUNNING",
  ENDING: "RUNNING",
  ENDED: "ENDED",
  FAILED: "FAILED",
};

export const storedStatuses = (shown: SessionStatus): StoredStatus[] =>
  (Object.keys(shownStatus) as StoredStatus[]).filter((stored) => shownStatus[stored] === shown);

@ObjectType({ implements: Node, description: "One run of a meeting." })
export class Session extends Node<SessionRow> {
  static readonly reads: Reads<SessionRow> = {
    attendances: ["id"],
    meeting: ["meetingId"],
    messages: ["id"],
    notes: ["id"],
    recording: ["id"],
    recordingRuns: ["id"],
  };

  @Plain(() => String, {
    nullable: true,
    description: "Password for viewers; null where none is needed. Needs the scope `SECRETS_READ`.",
  })
  attendeePassword(_arguments: object, context: Context): string | null {
    demand(context, "SECRETS_READ");
    return this.row.attendeePassword;
  }

  @Plain(() => String, {
    nullable: true,
    description: "Display title; the meeting's title unless another was given at the start.",
  })
  get title(): string | null {
    return this.row.title;
  }

  @Plain(() => SessionStatus, { description: "Lifecycle state." })
  get status(): SessionStatus {
    return shownStatus[this.row.status];
  }

  @Plain(() => DateTime, { description: "When the session started." })
  get startedAt(): Date {
    return this.row.startedAt;
  }

  @Plain(() => DateTime, { nullable: true, description: "When the session ended; null while it runs." })
  get endedAt(): Date | null {
    return this.row.endedAt;
  }

  @Plain(() => WebURL, { nullable: true, description: "Where people are sent when they leave." })
  get logoutUrl(): string | null {
    return this.row.logoutUrl;
  }

  @Plain(() => String, { description: "Name the moderator started the session with." })
  get moderatorName(): string {
    return this.row.moderatorName;
  }

  @Plain(() => MeetingSettings, {
    description:
      "The settings that rule this session: the meeting's as they were at the start, with what was changed while it ran.",
  })
  get settings(): MeetingSettings {
    return new MeetingSettings(this.row.settings);
  }
}
