import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import type { Attendance } from "./attendance.js";
import { AttendanceConnection, AttendanceFilter, AttendanceOrder, attendancesOf } from "./attendance-list.js";
import { type Page, PageArgs } from "./connection.js";
import type { Context } from "./context.js";
import { Meeting } from "./meeting.js";
import { Recording } from "./recording.js";
import { UUID } from "./scalars.js";
import { Session } from "./session.js";
import { allSessions, SessionConnection, SessionFilter, SessionOrder } from "./session-list.js";

@Resolver(() => Session)
export class SessionResolver {
  @Query(() => Session, { nullable: true, description: "One session." })
  async session(
    @Arg("id", () => UUID, { description: "Id of the session." }) id: string,
    @Ctx() { loaders }: Context,
  ): Promise<Session | null> {
    const row = await loaders.session.load(id);
    return row ? new Session(row) : null;
  }

  @Query(() => SessionConnection, {
    nullable: true,
    description: "Sessions of the license over all meetings, newest first by default.",
  })
  sessions(
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => SessionFilter, { nullable: true, description: "Only sessions that match." })
    filter: SessionFilter | null,
    @Arg("orderBy", () => SessionOrder, {
      description: "Sort order.",
      defaultValue: { field: "STARTED_AT", direction: "DESC" },
    })
    order: SessionOrder,
    @Ctx() context: Context,
  ): Promise<Page<Session>> {
    return allSessions(context, { page, order, filter });
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
    @Arg("filter", () => AttendanceFilter, { nullable: true, description: "Only attendances that match." })
    filter: AttendanceFilter | null,
    @Arg("orderBy", () => AttendanceOrder, {
      description: "Sort order.",
      defaultValue: { field: "JOINED_AT", direction: "ASC" },
    })
    order: AttendanceOrder,
    @Ctx() context: Context,
  ): Promise<Page<Attendance>> {
    return attendancesOf(context, id, { page, order, filter });
  }
}
