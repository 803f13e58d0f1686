import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, FieldResolver, Info, Resolver, Root } from "type-graphql";
import type { Context } from "../context.js";
import { PageArgs } from "../paging/connection.js";
import { List } from "../paging/direct-lists.js";
import type { Page } from "../paging/page.js";
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

  @List
  @FieldResolver(() => StayConnection, { description: "The single visits, in order." })
  stays(
    @Root() { id }: Attendance,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Stay>> {
    return staysOf(context, id, { page, info });
  }
}
