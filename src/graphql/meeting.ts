import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import type { Meeting as MeetingRow } from "../storage/index.js";
import type { MeetingField } from "../storage/meetings.js";
import type { Direction } from "../storage/page.js";
import { connectionOf, OrderDirection, type Page, PageArgs, readPage } from "./connection.js";
import type { Context } from "./context.js";
import { Node } from "./node.js";
import { DateTime, UUID } from "./scalars.js";
import { Session, SessionConnection, SessionOrder, sessionPage } from "./session.js";
import { MeetingSettings } from "./settings.js";

const MeetingOrderField = { CREATED_AT: "CREATED_AT", TITLE: "TITLE", UPDATED_AT: "UPDATED_AT" } as const;
registerEnumType(MeetingOrderField, {
  name: "MeetingOrderField",
  description: "Sort keys of meetings.",
  valuesConfig: {
    CREATED_AT: { description: "When scheduled." },
    TITLE: { description: "Title; untitled meetings last." },
    UPDATED_AT: { description: "When last changed." },
  },
});

@InputType({ description: "Sort order of meetings. Ties are broken by id." })
export class MeetingOrder {
  @Field(() => OrderDirection, { description: "Direction.", defaultValue: "ASC" })
  direction!: Direction;

  @Field(() => MeetingOrderField, { description: "Sort key." })
  field!: MeetingField;
}

@ObjectType({
  implements: Node,
  description: "A permanent meeting room definition, run any number of times.",
  simpleResolvers: true,
})
export class Meeting extends Node<MeetingRow> {
  @Field(() => String, { nullable: true, description: "Display title." })
  get title(): string | null {
    return this.row.title;
  }

  @Field(() => String, { nullable: true, description: "Password for moderators; null where none is needed." })
  get moderatorPassword(): string | null {
    return this.row.moderatorPassword;
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

export const MeetingConnection = connectionOf(Meeting, "meetings");

const sortValue: Record<MeetingField, (row: MeetingRow) => string | number> = {
  CREATED_AT: (row) => row.createdAt.getTime(),
  UPDATED_AT: (row) => row.updatedAt.getTime(),
  TITLE: (row) => row.titleKey,
};

@Resolver(() => Meeting)
export class MeetingResolver {
  @Query(() => Meeting, { nullable: true, description: "One meeting." })
  async meeting(
    @Arg("id", () => UUID, { description: "Id of the meeting." }) id: string,
    @Ctx() { services, caller }: Context,
  ): Promise<Meeting | null> {
    const row = await services.storage.read.meetings.find(caller.license.id, id);
    return row ? new Meeting(row) : null;
  }

  @Query(() => MeetingConnection, { nullable: true, description: "Meetings of the license, newest first by default." })
  meetings(
    @Args(() => PageArgs) page: PageArgs,
    @Arg("orderBy", () => MeetingOrder, {
      description: "Sort order.",
      defaultValue: { field: "CREATED_AT", direction: "DESC" },
    })
    order: MeetingOrder,
    @Ctx() context: Context,
  ): Promise<Page<Meeting>> {
    const { services, caller } = context;
    return readPage(context, page, {
      order,
      list: (request) => services.storage.read.meetings.list(caller.license.id, request),
      position: (row) => ({ value: sortValue[order.field](row), id: row.id }),
      node: (row) => new Meeting(row),
    });
  }

  @FieldResolver(() => Session, { nullable: true, description: "The session running now, if any." })
  async currentSession(@Root() { id }: Meeting, @Ctx() { loaders }: Context): Promise<Session | null> {
    const open = await loaders.openSession.load(id);
    return open ? new Session(open) : null;
  }

  @FieldResolver(() => Boolean, { description: "Whether a session is running now." })
  async isRunning(@Root() { id }: Meeting, @Ctx() { loaders }: Context): Promise<boolean> {
    return (await loaders.openSession.load(id)) !== undefined;
  }

  @FieldResolver(() => SessionConnection, { description: "Runs of this meeting, newest first by default." })
  sessions(
    @Root() { id }: Meeting,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("orderBy", () => SessionOrder, {
      description: "Sort order.",
      defaultValue: { field: "STARTED_AT", direction: "DESC" },
    })
    order: SessionOrder,
    @Ctx() context: Context,
  ): Promise<Page<Session>> {
    return sessionPage(context, id, page, order);
  }
}
