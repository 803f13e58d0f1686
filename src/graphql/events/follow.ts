import { ArgsType, Field, ID } from "type-graphql";
import { isUuid } from "../../domain/checks.js";
import type { EventType } from "../../domain/events/events.js";
import type { Event as EventRow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { badArgument } from "../run/codes.js";
import { readId } from "../ids.js";

@ArgsType()
export class FollowArgs {
  @Field(() => ID, {
    nullable: true,
    description: "Id of the last event you saw: what happened since comes first. Left out, only what is yet to happen.",
  })
  after?: string | null;

  @Field(() => ID, { nullable: true, description: "Only this meeting; its id, a UUID." })
  meetingId?: string | null;
}

/** The `seq` to go on from. @throws GraphQLError BAD_USER_INPUT */
async function startOf({ services, caller, say }: Context, after: string | null | undefined): Promise<number> {
  if (after == null) return services.feed.now();
  const seen = isUuid(after) ? await services.storage.read.events.seqOf(caller.reach, after.toLowerCase()) : undefined;
  if (seen === undefined) throw badArgument(say("error.unknownEvent", { field: "after" }));
  return seen;
}

async function refuseUnknownMeeting({ loaders, say }: Context, id: string | null): Promise<void> {
  if (id !== null && !(await loaders.meeting.load(id))) throw badArgument(say("refusal.NOT_FOUND.MEETING"));
}

/** Between two events whatever was loaded is forgotten: each shows its subject as it is then. */
const refreshing = (context: Context, events: AsyncIterator<EventRow>): AsyncIterableIterator<EventRow> => ({
  [Symbol.asyncIterator]() {
    return this;
  },
  async next() {
    const event = await events.next();
    context.forgetLoaded();
    return event;
  },
  return: async () => (await events.return?.()) ?? { done: true, value: undefined },
});

/**
 * The events of these types within the caller's reach, oldest first.
 * @throws GraphQLError BAD_USER_INPUT
 */
export async function follow(
  context: Context,
  types: readonly EventType[],
  { after, meetingId: given }: FollowArgs,
): Promise<AsyncIterableIterator<EventRow>> {
  const { services, caller } = context;
  const meetingId = given == null ? null : readId(context, "meetingId", given);
  await refuseUnknownMeeting(context, meetingId);
  const events = services.feed.follow({
    reach: caller.reach,
    types,
    meetingId,
    after: await startOf(context, after),
  });
  return refreshing(context, events);
}
