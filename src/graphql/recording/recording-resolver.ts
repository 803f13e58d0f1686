import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import { PageArgs } from "../paging/connection.js";
import { List } from "../paging/direct-lists.js";
import type { Page } from "../paging/page.js";
import type { Context } from "../context.js";
import { readId } from "../ids.js";
import { Recording } from "./recording.js";
import { RecordingConnection, RecordingFilter, recordingsOf } from "./recording-list.js";
import { Session } from "../session/session.js";
import { Needs } from "../run/scopes.js";

@Resolver(() => Recording)
export class RecordingResolver {
  @Needs("RECORDINGS_READ")
  @Query(() => Recording, { nullable: true, description: "One recording." })
  async recording(
    @Arg("id", () => ID, { description: "Id of the recording, a UUID." }) id: string,
    @Ctx() context: Context,
  ): Promise<Recording | null> {
    const row = await context.loaders.recording.load(readId(context, "id", id));
    return row ? new Recording(row) : null;
  }

  @Needs("RECORDINGS_READ")
  @List
  @Query(() => RecordingConnection, { nullable: true, description: "Recordings of the license, newest first." })
  recordings(
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => RecordingFilter, { nullable: true, description: "Only recordings that match." })
    filter: RecordingFilter | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Recording>> {
    return recordingsOf(context, { page, filter, info });
  }

  @Needs("MEETINGS_READ")
  @FieldResolver(() => Session, {
    nullable: true,
    description: "The session that was recorded. Needs the scope `MEETINGS_READ`.",
  })
  async session(@Root() { row }: Recording, @Ctx() { loaders }: Context): Promise<Session> {
    const session = await loaders.session.load(row.sessionId);
    if (!session) throw new Error("a recording without its session");
    return new Session(session);
  }
}
