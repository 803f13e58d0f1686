import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { type Page, PageArgs } from "./connection.js";
import type { Context } from "./context.js";
import { Recording } from "./recording.js";
import { RecordingConnection, RecordingFilter, recordingsOf } from "./recording-list.js";
import { UUID } from "./scalars.js";
import { Session } from "./session.js";

@Resolver(() => Recording)
export class RecordingResolver {
  @Query(() => Recording, { nullable: true, description: "One recording." })
  async recording(
    @Arg("id", () => UUID, { description: "Id of the recording." }) id: string,
    @Ctx() { loaders }: Context,
  ): Promise<Recording | null> {
    const row = await loaders.recording.load(id);
    return row ? new Recording(row) : null;
  }

  @Query(() => RecordingConnection, { nullable: true, description: "Recordings of the license, newest first." })
  recordings(
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => RecordingFilter, { nullable: true, description: "Only recordings that match." })
    filter: RecordingFilter | null,
    @Ctx() context: Context,
  ): Promise<Page<Recording>> {
    return recordingsOf(context, page, filter);
  }

  @FieldResolver(() => Session, { description: "The session that was recorded." })
  async session(@Root() { row }: Recording, @Ctx() { loaders }: Context): Promise<Session> {
    const session = await loaders.session.load(row.sessionId);
    if (!session) throw new Error("a recording without its session");
    return new Session(session);
  }
}
