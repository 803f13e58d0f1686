import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import type { Attendance } from "../attendance/attendance.js";
import {
  AttendanceConnection,
  AttendanceFilter,
  AttendanceOrder,
  attendanceOrderArg,
  attendancesOf,
} from "../attendance/attendance-list.js";
import { MOST_RUNS } from "../../domain/recording/runs.js";
import { columnsOfOne } from "../paging/asked.js";
import { PageArgs } from "../paging/connection.js";
import { List } from "../paging/direct-lists.js";
import type { Page } from "../paging/page.js";
import type { Context } from "../context.js";
import { readId } from "../ids.js";
import { Meeting } from "../meeting/meeting.js";
import { Recording } from "../recording/recording.js";
import type { Message } from "./message.js";
import { MessageConnection, messagesOf } from "./message-list.js";
import { Notes } from "./notes.js";
import { RecordingRun } from "./recording-run.js";
import { Session } from "./session.js";
import { allSessions, SessionConnection, SessionFilter, SessionOrder, sessionOrderArg } from "./session-list.js";
import { Needs } from "../run/scopes.js";

@Resolver(() => Session)
export class SessionResolver {
  @Needs("MEETINGS_READ")
  @Query(() => Session, { nullable: true, description: "One session." })
  async session(
    @Arg("id", () => ID, { description: "Id of the session, a UUID." }) id: string,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Session | null> {
    const { sessions } = context.read;
    const known = readId(context, "id", id);
    const row = await sessions.findShown(context.caller.reach, known, columnsOfOne(info, Session));
    return row ? new Session(row) : null;
  }

  @Needs("MEETINGS_READ")
  @List
  @Query(() => SessionConnection, {
    nullable: true,
    description: "Sessions of the license over all meetings, newest first by default.",
  })
  sessions(
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => SessionFilter, { nullable: true, description: "Only sessions that match." })
    filter: SessionFilter | null,
    @Arg("orderBy", () => SessionOrder, sessionOrderArg) order: SessionOrder | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Session>> {
    return allSessions(context, { page, order, filter, info });
  }

  @Needs("MEETINGS_READ")
  @FieldResolver(() => Meeting, {
    nullable: true,
    description: "The meeting; null once the meeting has been deleted. Needs the scope `MEETINGS_READ`.",
  })
  async meeting(@Root() { row }: Session, @Ctx() { loaders }: Context): Promise<Meeting | null> {
    const meeting = await loaders.meeting.load(row.meetingId);
    return meeting ? new Meeting(meeting) : null;
  }

  @Needs("RECORDINGS_READ")
  @FieldResolver(() => Recording, {
    nullable: true,
    description: "The recording, once there is one. Needs the scope `RECORDINGS_READ`.",
  })
  async recording(@Root() { id }: Session, @Ctx() { loaders }: Context): Promise<Recording | null> {
    const all = (await loaders.recordings.load(id)).map((row) => new Recording(row));
    // An engine may leave several; the one that can be watched is the one meant.
    return all.findLast((recording) => recording.isPlayable) ?? all.at(-1) ?? null;
  }

  @Needs("RECORDINGS_READ")
  @FieldResolver(() => [RecordingRun], {
    nullable: true,
    description: `Who recorded this session and when, in order; of more than ${MOST_RUNS} the last ones. Told of rooms of the built-in engine: another engine keeps that to itself. Needs the scope \`RECORDINGS_READ\`.`,
  })
  async recordingRuns(@Root() { id }: Session, @Ctx() { loaders }: Context): Promise<RecordingRun[]> {
    return (await loaders.recordingRuns.load(id)).slice(-MOST_RUNS).map((row) => new RecordingRun(row));
  }

  @Needs("MESSAGES_READ")
  @List
  @FieldResolver(() => MessageConnection, {
    nullable: true,
    description:
      "What was written to everyone in this session, the oldest first; read `last` to see the newest. Needs the scope `MESSAGES_READ`.",
  })
  messages(
    @Root() { id }: Session,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Message>> {
    return messagesOf(context, id, { page, info });
  }

  @Needs("NOTES_READ")
  @FieldResolver(() => Notes, {
    nullable: true,
    description:
      "The shared notes as they were stored last; null where nobody wrote any. Needs the scope `NOTES_READ`.",
  })
  async notes(@Root() { id }: Session, @Ctx() { loaders }: Context): Promise<Notes | null> {
    const notes = await loaders.notes.load(id);
    return notes ? new Notes(notes) : null;
  }

  @Needs("ATTENDANCE_READ")
  @List
  @FieldResolver(() => AttendanceConnection, {
    nullable: true,
    description: "The people of this session, in order of arrival by default. Needs the scope `ATTENDANCE_READ`.",
  })
  attendances(
    @Root() { id }: Session,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => AttendanceFilter, { nullable: true, description: "Only attendances that match." })
    filter: AttendanceFilter | null,
    @Arg("orderBy", () => AttendanceOrder, attendanceOrderArg) order: AttendanceOrder | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Attendance>> {
    return attendancesOf(context, id, { page, order, filter, info });
  }
}
