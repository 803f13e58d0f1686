import { Args, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { Context } from "../context.js";
import { type Page, PageArgs } from "../paging/connection.js";
import { Needs } from "../run/scopes.js";
import { Session } from "../session/session.js";
import { Attendance } from "./attendance.js";
import type { Stay } from "./stay.js";
import { StayConnection, staysOf } from "./stay-list.js";

@Resolver(() => Attendance)
export class AttendanceResolver {
  @Needs("MEETINGS_READ")
  @FieldResolver(() => Session, { nullable: true, description: "The session. Needs the scope `MEETINGS_READ`." })
  async session(@Root() { row }: Attendance, @Ctx() { loaders }: Context): Promise<Session> {
    const session = await loaders.session.load(row.sessionId);
    if (!session) throw new Error("an attendance without its session");
    return new Session(session);
  }

  @FieldResolver(() => StayConnection, { description: "The single visits, in order." })
  stays(
    @Root() { id }: Attendance,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<Stay>> {
    return staysOf(context, id, page);
  }

  @FieldResolver(() => Int, { description: "Seconds spent inside, over all stays; counts up while present." })
  async durationSeconds(@Root() { row }: Attendance, @Ctx() { services, loaders }: Context): Promise<number> {
    if (row.leftAt !== null) return row.seconds;
    const open = await loaders.openStay.load(row.id);
    const since = open ? services.clock.now().getTime() - open.joinedAt.getTime() : 0;
    return row.seconds + Math.round(since / 1000);
  }
}
