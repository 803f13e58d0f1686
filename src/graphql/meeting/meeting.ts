import { ObjectType } from "type-graphql";
import type { ListedMeeting } from "../../storage/queries/meetings.js";
import type { Context } from "../context.js";
import { demand } from "../run/scopes.js";
import { Node } from "../node.js";
import type { Reads } from "../paging/asked.js";
import { DateTime } from "../scalars.js";
import { MeetingSettings } from "../settings.js";
import { Plain } from "../plain.js";

@ObjectType({
  implements: Node,
  description: "A permanent meeting room definition, run any number of times.",
})
export class Meeting extends Node<ListedMeeting> {
  static readonly reads: Reads<ListedMeeting> = { currentSession: ["id"], sessions: ["id"] };

  @Plain(() => String, {
    nullable: true,
    description: "Password for moderators; null where none is needed. Needs the scope `SECRETS_READ`.",
  })
  moderatorPassword(_arguments: object, context: Context): string | null {
    demand(context, "SECRETS_READ");
    return this.row.moderatorPassword;
  }

  @Plain(() => String, { nullable: true, description: "Display title." })
  get title(): string | null {
    return this.row.title;
  }

  @Plain(() => String, { nullable: true, description: "Text shown to people when they enter." })
  get welcomeText(): string | null {
    return this.row.welcomeText;
  }

  @Plain(() => MeetingSettings, { description: "Switches used for the next session." })
  get settings(): MeetingSettings {
    return new MeetingSettings(this.row.settings);
  }

  @Plain(() => DateTime, { description: "When the meeting was scheduled." })
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Plain(() => DateTime, { description: "When the meeting was last changed." })
  get updatedAt(): Date {
    return this.row.updatedAt;
  }

  @Plain(() => Boolean, { description: "Whether a session is running now." })
  isRunning(_arguments: object, { loaders }: Context): boolean | Promise<boolean> {
    const { id, isRunning } = this.row;
    return isRunning ?? loaders.openSession.load(id).then((open) => open !== undefined);
  }
}
