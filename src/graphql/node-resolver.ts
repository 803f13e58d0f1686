import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { isUuid, MOST_ENTRIES, storedId } from "../domain/checks.js";
import { Attendance } from "./attendance/attendance.js";
import type { Context } from "./context.js";
import { badArgument } from "./run/codes.js";
import { currentLicense } from "./license/license.js";
import { Meeting } from "./meeting/meeting.js";
import { Node } from "./node.js";
import { Recording } from "./recording/recording.js";
import { entriesAtMost } from "./texts.js";
import { demand, type Need } from "./run/scopes.js";
import { Message } from "./session/message.js";
import { Session } from "./session/session.js";

/** An id does not tell its kind, so each kind is asked, all ids of the request at once. */
async function findNode(context: Context, given: string): Promise<Node | null> {
  const { loaders, caller } = context;
  if (!isUuid(given)) return null;
  const id = storedId(given);
  const [meeting, session, attendance, recording, message] = await Promise.all([
    loaders.meeting.load(id),
    loaders.session.load(id),
    loaders.attendance.load(id),
    loaders.recording.load(id),
    loaders.message.load(id),
  ]);
  const found: [Node, Need] | undefined =
    (meeting && [new Meeting(meeting), "MEETINGS_READ"]) ??
    (session && [new Session(session), "MEETINGS_READ"]) ??
    (attendance && [new Attendance(attendance), "ATTENDANCE_READ"]) ??
    (recording && [new Recording(recording), "RECORDINGS_READ"]) ??
    (message && [new Message(message), "MESSAGES_READ"]) ??
    (id === caller.license.id ? [await currentLicense(context), "LICENSE_KEY"] : undefined);
  if (!found) return null;
  const [node, need] = found;
  demand(context, need);
  return node;
}

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      "Any object by its id; null when there is none, it is another license's, or what is given is no id at all.",
  })
  node(@Arg("id", () => ID, { description: "Id of the object, a UUID." }) id: string, @Ctx() context: Context) {
    return findNode(context, id);
  }

  @Query(() => [Node], {
    nullable: "itemsAndList",
    description: `Several objects by their ids, in the same order; null where there is none.`,
  })
  nodes(
    @Arg("ids", () => [ID], { description: `Ids of the objects, ${entriesAtMost}.` }) ids: string[],
    @Ctx() context: Context,
  ) {
    if (ids.length > MOST_ENTRIES)
      throw badArgument(context.say("fault.tooManyEntries", { field: "ids", limit: MOST_ENTRIES }));
    // A fault as an item is that item's error, and the others are answered.
    return Promise.all(ids.map((id) => findNode(context, id).catch((error: unknown) => error as Error)));
  }
}
