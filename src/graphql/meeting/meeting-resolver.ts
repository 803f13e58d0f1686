import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import { columnsOfOne } from "../paging/asked.js";
import { PageArgs } from "../paging/connection.js";
import { List } from "../paging/direct-lists.js";
import type { Page } from "../paging/page.js";
import type { Context } from "../context.js";
import { readId } from "../ids.js";
import { Meeting } from "./meeting.js";
import { MeetingConnection, MeetingFilter, MeetingOrder, meetingOrderArg, meetingsOf } from "./meeting-list.js";
import { Session } from "../session/session.js";
import {
  SessionConnection,
  SessionFilter,
  SessionOrder,
  sessionOrderArg,
  sessionsOf,
} from "../session/session-list.js";
import { Needs } from "../run/scopes.js";

@Resolver(() => Meeting)
export class MeetingResolver {
  @Needs("MEETINGS_READ")
  @Query(() => Meeting, { nullable: true, description: "One meeting." })
  async meeting(
    @Arg("id", () => ID, { description: "Id of the meeting, a UUID." }) id: string,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Meeting | null> {
    const { meetings } = context.read;
    const known = readId(context, "id", id);
    const row = await meetings.findShown(context.caller.reach, known, columnsOfOne(info, Meeting));
    return row ? new Meeting(row) : null;
  }

  @Needs("MEETINGS_READ")
  @List
  @Query(() => MeetingConnection, { nullable: true, description: "Meetings of the license, newest first by default." })
  meetings(
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => MeetingFilter, { nullable: true, description: "Only meetings that match." })
    filter: MeetingFilter | null,
    @Arg("orderBy", () => MeetingOrder, meetingOrderArg) order: MeetingOrder | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Meeting>> {
    return meetingsOf(context, { page, order, filter, info });
  }

  // Also where the meeting is a mutation's result: who may change it may not for that read all that ever ran in it.
  @Needs("MEETINGS_READ")
  @FieldResolver(() => Session, {
    nullable: true,
    description: "The session running now, if any. Needs the scope `MEETINGS_READ`.",
  })
  async currentSession(@Root() { id }: Meeting, @Ctx() { loaders }: Context): Promise<Session | null> {
    const open = await loaders.openSession.load(id);
    return open ? new Session(open) : null;
  }

  @Needs("MEETINGS_READ")
  @List
  @FieldResolver(() => SessionConnection, {
    nullable: true,
    description: "Runs of this meeting, newest first by default. Needs the scope `MEETINGS_READ`.",
  })
  sessions(
    @Root() { id }: Meeting,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => SessionFilter, { nullable: true, description: "Only sessions that match." })
    filter: SessionFilter | null,
    @Arg("orderBy", () => SessionOrder, sessionOrderArg) order: SessionOrder | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Session>> {
    return sessionsOf(context, id, { page, order, filter, info });
  }
}
