import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Query, registerEnumType, Resolver, Root } from "type-graphql";
import type { Recording as RecordingRow } from "../storage/index.js";
import type { Context } from "./context.js";
import { Node } from "./node.js";
import { DateTime, UUID, WebURL } from "./scalars.js";
import { Session } from "./session.js";

const RecordingStatus = { FAILED: "FAILED", PROCESSING: "PROCESSING", READY: "READY" } as const;
registerEnumType(RecordingStatus, {
  name: "RecordingStatus",
  description: "Processing state of a recording.",
  valuesConfig: {
    FAILED: { description: "Could not be produced." },
    PROCESSING: { description: "Being produced." },
    READY: { description: "Can be played." },
  },
});

@ObjectType({ implements: Node, description: "The recording of one session.", simpleResolvers: true })
export class Recording extends Node<RecordingRow> {
  @Field(() => RecordingStatus, { description: "Processing state." })
  get status(): RecordingRow["status"] {
    return this.row.status;
  }

  @Field(() => Boolean, { description: "Whether the playback page may be opened." })
  get isPublished(): boolean {
    return this.row.isPublished;
  }

  @Field(() => WebURL, {
    nullable: true,
    description: "Playback page; null unless the recording is ready and published.",
  })
  get playbackUrl(): string | null {
    return this.row.status === "READY" && this.row.isPublished ? this.row.playbackUrl : null;
  }

  @Field(() => Int, { nullable: true, description: "Length in seconds; null until it is ready." })
  get durationSeconds(): number | null {
    return this.row.durationSeconds;
  }

  @Field(() => DateTime, { description: "When recording data was first received." })
  get createdAt(): Date {
    return this.row.createdAt;
  }
}

@Resolver(() => Recording)
export class RecordingResolver {
  @Query(() => Recording, { nullable: true, description: "One recording." })
  async recording(
    @Arg("id", () => UUID, { description: "Id of the recording." }) id: string,
    @Ctx() { services, caller }: Context,
  ): Promise<Recording | null> {
    const row = await services.storage.read.recordings.find(caller.license.id, id);
    return row ? new Recording(row) : null;
  }

  @FieldResolver(() => Session, { description: "The session that was recorded." })
  async session(@Root() { row }: Recording, @Ctx() { loaders }: Context): Promise<Session> {
    const session = await loaders.session.load(row.sessionId);
    if (!session) throw new Error("a recording without its session");
    return new Session(session);
  }
}
