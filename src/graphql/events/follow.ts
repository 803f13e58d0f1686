import { ArgsType, Field, ID } from "type-graphql";
import { isUuid, storedId } from "../../domain/checks.js";
import type { EventType } from "../../domain/events/events.js";
import type { Event as EventRow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { badArgument, fault } from "../run/codes.js";
import type { Following } from "../run/following.js";
import { TooManyHeld } from "../run/holdings.js";
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
  const seen = isUuid(after) ? await services.storage.read.events.seqOf(caller.reach, storedId(after)) : undefined;
  if (seen === undefined) throw badArgument(say("error.unknownEvent", { field: "after" }));
  return seen;
}

async function refuseUnknownMeeting({ loaders, say }: Context, id: string | null): Promise<void> {
  if (id !== null && !(await loaders.meeting.load(id))) throw badArgument(say("refusal.NOT_FOUND.MEETING"));
}

/** Each event is paid before it is delivered. */
const paid = (following: Following, events: AsyncIterator<EventRow>): AsyncIterableIterator<EventRow> => ({
  [Symbol.asyncIterator]() {
    return this;
  },
  async next() {
    const event = await events.next();
    if (!event.done) await following.payEvent();
    return event;
  },
  async return() {
    following.end();
    return (await events.return?.()) ?? { done: true, value: undefined };
  },
});

/** @throws GraphQLError TOO_MANY_SUBSCRIPTIONS */
function begin({ beginFollowing, say }: Context): Following {
  if (!beginFollowing) throw new Error("a subscription that was not admitted");
  try {
    return beginFollowing();
  } catch (error) {
    if (!(error instanceof TooManyHeld)) throw error;
    const { limit } = error;
    throw fault("TOO_MANY_SUBSCRIPTIONS", say("error.tooManySubscriptions", { limit }), { limit });
  }
}

/**
 * The events of these types within the caller's reach, oldest first.
 * @throws GraphQLError BAD_USER_INPUT, TOO_MANY_SUBSCRIPTIONS
 */
export async function follow(
  context: Context,
  types: readonly EventType[],
  { after, meetingId: given }: FollowArgs,
): Promise<AsyncIterableIterator<EventRow>> {
  const { services, caller } = context;
  const meetingId = given == null ? null : readId(context, "meetingId", given);
  await refuseUnknownMeeting(context, meetingId);
  const start = await startOf(context, after);
  const following = begin(context);
  const events = services.feed.follow({ reach: caller.reach, types, meetingId, after: start });
  return paid(following, events);
}
