import { Field, ObjectType } from "type-graphql";
import type { Meeting as MeetingRow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { demand } from "../run/scopes.js";
import { Node } from "../node.js";
import { DateTime } from "../scalars.js";
import { MeetingSettings } from "../settings.js";

@ObjectType({
  implements: Node,
  description: "A permanent meeting room definition, run any number of times.",
  simpleResolvers: true,
})
export class Meeting extends Node<MeetingRow> {
  moderatorPassword(_arguments: object, context: Context): string | null {
    demand(context, "SECRETS_READ");
    return this.row.moderatorPassword;
  }

  @Field(() => String, { nullable: true, description: "Display title." })
  get title(): string | null {
    return this.row.title;
  }

  @Field(() => String, { nullable: true, description: "Text shown to people when they enter." })
  get welcomeText(): string | null {
    return this.row.welcomeText;
  }

  @Field(() => MeetingSettings, { description: "Switches used for the next session." })
  get settings(): MeetingSettings {
    return new MeetingSettings(this.row.settings);
  }

  @Field(() => DateTime, { description: "When the meeting was scheduled." })
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTime, { description: "When the meeting was last changed." })
  get updatedAt(): Date {
    return this.row.updatedAt;
  }
}

// Without a resolver of TypeGraphQL's around it: v1's lists ask it of thousands of rows at once.
Field(() => String, {
  nullable: true,
  description: "Password for moderators; null where none is needed. Needs the scope `SECRETS_READ`.",
})(Meeting.prototype, "moderatorPassword");
