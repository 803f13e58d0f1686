import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { isUuid } from "../domain/checks.js";
import { Attendance } from "./attendance.js";
import type { Context } from "./context.js";
import { badArgument } from "./faults.js";
import { License } from "./license.js";
import { Meeting } from "./meeting.js";
import { Node } from "./node.js";
import { Recording } from "./recording.js";
import { Session } from "./session.js";

const MOST_NODES = 100;

/** An id does not tell its kind, so each kind is asked, all ids of the request at once. */
async function findNode({ loaders, caller }: Context, given: string): Promise<Node | null> {
  if (!isUuid(given)) return null;
  const id = given.toLowerCase();
  if (id === caller.license.id) return new License(caller.license);
  const [meeting, session, attendance, recording] = await Promise.all([
    loaders.meeting.load(id),
    loaders.session.load(id),
    loaders.attendance.load(id),
    loaders.recording.load(id),
  ]);
  if (meeting) return new Meeting(meeting);
  if (session) return new Session(session);
  if (attendance) return new Attendance(attendance);
  return recording ? new Recording(recording) : null;
}

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: "Any object by its id; null when there is none, or it is another license's.",
  })
  node(@Arg("id", () => ID, { description: "Id of the object." }) id: string, @Ctx() context: Context) {
    return findNode(context, id);
  }

  @Query(() => [Node], {
    nullable: "itemsAndList",
    description: `Several objects by their ids, in the same order; null where there is none. At most ${MOST_NODES}.`,
  })
  nodes(@Arg("ids", () => [ID], { description: "Ids of the objects." }) ids: string[], @Ctx() context: Context) {
    if (ids.length > MOST_NODES)
      throw badArgument(context.say("error.tooManyIds", { field: "ids", limit: MOST_NODES }));
    return Promise.all(ids.map((id) => findNode(context, id)));
  }
}
