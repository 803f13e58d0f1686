import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { Attendance } from "../attendance/attendance.js";
import type { Context } from "../context.js";
import { Needs } from "../run/scopes.js";
import { Message } from "./message.js";

@Resolver(() => Message)
export class MessageResolver {
  @Needs("ATTENDANCE_READ")
  @FieldResolver(() => Attendance, {
    nullable: true,
    description: "Who wrote it. Needs the scope `ATTENDANCE_READ`.",
  })
  async author(@Root() { row }: Message, @Ctx() { loaders }: Context): Promise<Attendance | null> {
    const attendance = await loaders.attendance.load(row.attendanceId);
    return attendance ? new Attendance(attendance) : null;
  }
}
