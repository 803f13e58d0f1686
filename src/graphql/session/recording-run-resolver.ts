import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { Attendance } from "../attendance/attendance.js";
import type { Context } from "../context.js";
import { Needs } from "../run/scopes.js";
import { RecordingRun } from "./recording-run.js";

@Resolver(() => RecordingRun)
export class RecordingRunResolver {
  @Needs("ATTENDANCE_READ")
  @FieldResolver(() => Attendance, {
    nullable: true,
    description: "The moderator whose page recorded. Needs the scope `ATTENDANCE_READ`.",
  })
  async startedBy(@Root() { row }: RecordingRun, @Ctx() { loaders }: Context): Promise<Attendance | null> {
    const attendance = await loaders.attendance.load(row.attendanceId);
    return attendance ? new Attendance(attendance) : null;
  }

  @Needs("ATTENDANCE_READ")
  @FieldResolver(() => Attendance, {
    nullable: true,
    description:
      "The moderator who stopped it, or whose page took over; null where nobody did. Needs the scope `ATTENDANCE_READ`.",
  })
  async stoppedBy(@Root() { row }: RecordingRun, @Ctx() { loaders }: Context): Promise<Attendance | null> {
    const attendance = row.stoppedBy === null ? undefined : await loaders.attendance.load(row.stoppedBy);
    return attendance ? new Attendance(attendance) : null;
  }
}
