import { Args, Ctx, Resolver, Root, Subscription } from "type-graphql";
import type { EventType } from "../../domain/events/events.js";
import type { Event as EventRow } from "../../storage/index.js";
import { Attendance } from "../attendance/attendance.js";
import type { Context } from "../context.js";
import { Needs } from "../run/scopes.js";
import { Recording } from "../recording/recording.js";
import { Session } from "../session/session.js";
import * as events from "./events.js";
import { follow, FollowArgs } from "./follow.js";

/** What TypeGraphQL hands to `subscribe`. */
interface Subscribing {
  args: object;
  context: unknown;
}

const on = (type: EventType, description: string) => ({
  nullable: true,
  description,
  subscribe: ({ args, context }: Subscribing) => follow(context as Context, [type], args),
});

async function there<Row>(row: Promise<Row | undefined>): Promise<Row> {
  const found = await row;
  if (found === undefined) throw new Error("an event of something that is not there");
  return found;
}

const sessionOf = async ({ loaders }: Context, { sessionId }: EventRow) =>
  new Session(await there(loaders.session.load(sessionId ?? "")));
const attendanceOf = async ({ loaders }: Context, { attendanceId }: EventRow) =>
  new Attendance(await there(loaders.attendance.load(attendanceId ?? "")));
const recordingOf = async ({ loaders }: Context, { recordingId }: EventRow) =>
  new Recording(await there(loaders.anyRecording.load(recordingId ?? "")));

@Resolver()
export class Subscriptions {
  @Needs("EVENTS_READ", "MEETINGS_READ")
  @Subscription(() => events.SessionStartedEvent, on("session.started", "Sessions starting, of one meeting or of all."))
  async sessionStarted(@Root() row: EventRow, @Args(() => FollowArgs) _: FollowArgs, @Ctx() context: Context) {
    return new events.SessionStartedEvent(row, await sessionOf(context, row));
  }

  @Needs("EVENTS_READ", "MEETINGS_READ")
  @Subscription(() => events.SessionEndedEvent, on("session.ended", "Sessions ending, of one meeting or of all."))
  async sessionEnded(@Root() row: EventRow, @Args(() => FollowArgs) _: FollowArgs, @Ctx() context: Context) {
    return new events.SessionEndedEvent(row, await sessionOf(context, row));
  }

  @Needs("EVENTS_READ", "MEETINGS_READ")
  @Subscription(
    () => events.SessionChangedEvent,
    on("session.changed", "Locks of running sessions changing, in one meeting or in all."),
  )
  async sessionChanged(@Root() row: EventRow, @Args(() => FollowArgs) _: FollowArgs, @Ctx() context: Context) {
    return new events.SessionChangedEvent(row, await sessionOf(context, row));
  }

  @Needs("EVENTS_READ", "ATTENDANCE_READ")
  @Subscription(
    () => events.AttendanceChangedEvent,
    on("attendance.changed", "People getting another role or being removed, in one meeting or in all."),
  )
  async attendanceChanged(@Root() row: EventRow, @Args(() => FollowArgs) _: FollowArgs, @Ctx() context: Context) {
    return new events.AttendanceChangedEvent(row, await attendanceOf(context, row));
  }

  @Needs("EVENTS_READ", "ATTENDANCE_READ")
  @Subscription(
    () => events.AttendanceJoinedEvent,
    on("attendance.joined", "People joining, in one meeting or in all."),
  )
  async attendanceJoined(@Root() row: EventRow, @Args(() => FollowArgs) _: FollowArgs, @Ctx() context: Context) {
    return new events.AttendanceJoinedEvent(row, await attendanceOf(context, row));
  }

  @Needs("EVENTS_READ", "ATTENDANCE_READ")
  @Subscription(() => events.AttendanceLeftEvent, on("attendance.left", "People leaving, in one meeting or in all."))
  async attendanceLeft(@Root() row: EventRow, @Args(() => FollowArgs) _: FollowArgs, @Ctx() context: Context) {
    return new events.AttendanceLeftEvent(row, await attendanceOf(context, row));
  }

  @Needs("EVENTS_READ", "RECORDINGS_READ")
  @Subscription(
    () => events.RecordingChangedEvent,
    on("recording.changed", "Recordings changing state, of one meeting or of all."),
  )
  async recordingChanged(@Root() row: EventRow, @Args(() => FollowArgs) _: FollowArgs, @Ctx() context: Context) {
    return new events.RecordingChangedEvent(row, await recordingOf(context, row));
  }
}
