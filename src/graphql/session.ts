import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import type { Session as SessionRow, SessionStatus as StoredStatus } from "../storage/index.js";
import type { Direction } from "../storage/page.js";
import { endedSortKey, type SessionField } from "../storage/sessions.js";
import { Attendance, AttendanceConnection, AttendanceOrder, attendancePage } from "./attendance.js";
import { connectionOf, OrderDirection, type Page, PageArgs, readPage } from "./connection.js";
import type { Context } from "./context.js";
import { Meeting } from "./meeting.js";
import { Node } from "./node.js";
import { Recording } from "./recording.js";
import { DateTime, UUID, WebURL } from "./scalars.js";
import { MeetingSettings } from "./settings.js";

const SessionStatus = { ENDED: "ENDED", FAILED: "FAILED", RUNNING: "RUNNING" } as const;
registerEnumType(SessionStatus, {
  name: "SessionStatus",
  description: "Lifecycle of a session.",
  valuesConfig: {
    ENDED: { description: "Over." },
    FAILED: { description: "The conference engine failed to start it or lost it." },
    RUNNING: { description: "Running now." },
  },
});

const SessionOrderField = { ENDED_AT: "ENDED_AT", STARTED_AT: "STARTED_AT" } as const;
registerEnumType(SessionOrderField, {
  name: "SessionOrderField",
  description: "Sort keys of sessions.",
  valuesConfig: {
    ENDED_AT: { description: "When ended; running sessions last." },
    STARTED_AT: { description: "When started." },
  },
});

@InputType({ description: "Sort order of sessions. Ties are broken by id." })
export class SessionOrder {
  @Field(() => OrderDirection, { description: "Direction.", defaultValue: "ASC" })
  direction!: Direction;

  @Field(() => SessionOrderField, { description: "Sort key." })
  field!: SessionField;
}

/** What is being opened or closed right now is shown as running. */
const shownStatus: Record<StoredStatus, keyof typeof SessionStatus> = {
  STARTING: "RUNNING",
  RUNNING: "RUNNING",
  ENDING: "RUNNING",
  ENDED: "ENDED",
  FAILED: "FAILED",
};

@ObjectType({ implements: Node, description: "One run of a meeting.", simpleResolvers: true })
export class Session extends Node<SessionRow> {
  @Field(() => String, {
    nullable: true,
    description: "Display title; the meeting's title unless another was given at the start.",
  })
  get title(): string | null {
    return this.row.title;
  }

  @Field(() => SessionStatus, { description: "Lifecycle state." })
  get status(): keyof typeof SessionStatus {
    return shownStatus[this.row.status];
  }

  @Field(() => DateTime, { description: "When the session started." })
  get startedAt(): Date {
    return this.row.startedAt;
  }

  @Field(() => DateTime, { nullable: true, description: "When the session ended; null while it runs." })
  get endedAt(): Date | null {
    return this.row.endedAt;
  }

  @Field(() => String, { nullable: true, description: "Password for viewers; null where none is needed." })
  get attendeePassword(): string | null {
    return this.row.attendeePassword;
  }

  @Field(() => WebURL, { nullable: true, description: "Where people are sent when they leave." })
  get logoutUrl(): string | null {
    return this.row.logoutUrl;
  }

  @Field(() => String, { description: "Name the moderator started the session with." })
  get moderatorName(): string {
    return this.row.moderatorName;
  }

  @Field(() => MeetingSettings, {
    description: "The settings of the meeting as they were at the start; they rule this session.",
  })
  get settings(): MeetingSettings {
    return new MeetingSettings(this.row.settings);
  }
}

export const SessionConnection = connectionOf(Session, "sessions");

const sortValue: Record<SessionField, (row: SessionRow) => number> = {
  STARTED_AT: (row) => row.startedAt.getTime(),
  ENDED_AT: endedSortKey,
};

/** The sessions of one meeting. */
export function sessionPage(context: Context, meetingId: string, page: PageArgs, order: SessionOrder) {
  const { services, caller } = context;
  return readPage(context, page, {
    order,
    list: (request) => services.storage.read.sessions.listOfMeeting(caller.license.id, meetingId, request),
    position: (row) => ({ value: sortValue[order.field](row), id: row.id }),
    node: (row) => new Session(row),
  });
}

@Resolver(() => Session)
export class SessionResolver {
  @Query(() => Session, { nullable: true, description: "One session." })
  async session(
    @Arg("id", () => UUID, { description: "Id of the session." }) id: string,
    @Ctx() { services, caller }: Context,
  ): Promise<Session | null> {
    const row = await services.storage.read.sessions.find(caller.license.id, id);
    return row ? new Session(row) : null;
  }

  @FieldResolver(() => Meeting, {
    nullable: true,
    description: "The meeting; null once the meeting has been deleted.",
  })
  async meeting(@Root() { row }: Session, @Ctx() { loaders }: Context): Promise<Meeting | null> {
    const meeting = await loaders.meeting.load(row.meetingId);
    return meeting ? new Meeting(meeting) : null;
  }

  @FieldResolver(() => Recording, { nullable: true, description: "The recording, once there is one." })
  async recording(@Root() { id }: Session, @Ctx() { loaders }: Context): Promise<Recording | null> {
    const all = (await loaders.recordings.load(id)).map((row) => new Recording(row));
    // An engine may leave several; the one that can be watched is the one meant.
    return all.findLast((recording) => recording.playbackUrl !== null) ?? all.at(-1) ?? null;
  }

  @FieldResolver(() => AttendanceConnection, {
    description: "The people of this session, in order of arrival by default.",
  })
  attendances(
    @Root() { id }: Session,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("orderBy", () => AttendanceOrder, {
      description: "Sort order.",
      defaultValue: { field: "JOINED_AT", direction: "ASC" },
    })
    order: AttendanceOrder,
    @Ctx() context: Context,
  ): Promise<Page<Attendance>> {
    return attendancePage(context, id, page, order);
  }
}
