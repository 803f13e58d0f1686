import type { GraphQLResolveInfo } from "graphql";
import { Field, InputType, registerEnumType } from "type-graphql";
import { limits } from "../../domain/checks.js";
import { sortKey } from "../../storage/index.js";
import type { ListedMeeting, MeetingField, MeetingFilter as StoredFilter } from "../../storage/queries/meetings.js";
import type { Direction } from "../../storage/queries/lists/page.js";
import { askedOfPage } from "../paging/asked.js";
import { connectionOf, DateTimeRange, OrderDirection, type PageArgs } from "../paging/connection.js";
import type { Context } from "../context.js";
import { Meeting } from "./meeting.js";
import { directionOf, orderOr } from "../paging/cursor.js";
import { entries, filterFaults, search } from "../paging/filter-faults.js";
import { planPage, readPage } from "../paging/read-page.js";
import { SettingName } from "../settings.js";
import { entriesAtMost, upTo } from "../texts.js";

const MeetingOrderField = { CREATED_AT: "CREATED_AT", TITLE: "TITLE", UPDATED_AT: "UPDATED_AT" } as const;
registerEnumType(MeetingOrderField, {
  name: "MeetingOrderField",
  description: "Sort keys of meetings.",
  valuesConfig: {
    CREATED_AT: { description: "When scheduled." },
    TITLE: { description: "Title; untitled meetings last." },
    UPDATED_AT: {
      description: "When last changed. A meeting that changes while you page may come a second time; none is skipped.",
    },
  },
});

const usual = { field: "CREATED_AT", direction: "DESC" } as const;

@InputType({ description: "Sort order of meetings. Ties are broken by id." })
export class MeetingOrder {
  @Field(() => OrderDirection, { nullable: true, description: directionOf(usual) })
  direction?: Direction | null;

  @Field(() => MeetingOrderField, { description: "Sort key." })
  field!: MeetingField;
}

@InputType({ description: "Conditions on meetings; all given ones must hold." })
export class MeetingFilter {
  @Field(() => DateTimeRange, { nullable: true, description: "Scheduled in this interval." })
  createdAt?: DateTimeRange | null;

  @Field(() => Boolean, { nullable: true, description: "Whether a session is running now." })
  isRunning?: boolean | null;

  @Field(() => [SettingName], { nullable: true, description: `All of these switches are on; ${entriesAtMost}.` })
  settingsEnabled?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: `Title contains this text, ${upTo(limits.title)}, ignoring case.`,
  })
  titleContains?: string | null;
}

export const meetingOrderArg = { nullable: true, description: "Sort order.", defaultValue: usual };

export const MeetingConnection = connectionOf(Meeting, "A meeting", "meetings");

const sortValue: Record<MeetingField, (row: ListedMeeting) => string | number> = {
  CREATED_AT: (row) => row.createdAt.getTime(),
  UPDATED_AT: (row) => row.updatedAt.getTime(),
  TITLE: (row) => row.titleKey,
};

function stored(filter: MeetingFilter | null | undefined): StoredFilter | undefined {
  if (!filter) return undefined;
  const { createdAt, isRunning, settingsEnabled, titleContains } = filter;
  return {
    createdAt: createdAt ?? undefined,
    isRunning: isRunning ?? undefined,
    settingsEnabled: settingsEnabled ? [...new Set(settingsEnabled)] : undefined,
    titleKeyContains: titleContains ? sortKey(titleContains) : undefined,
  };
}

export interface MeetingListArgs {
  page: PageArgs;
  order: MeetingOrder | null;
  filter: MeetingFilter | null | undefined;
  info: GraphQLResolveInfo;
}

export function meetingsOf(context: Context, { page, order: asked, filter, info }: MeetingListArgs) {
  const order = orderOr(asked, usual);
  const { meetings } = context.read;
  const { reach } = context.caller;
  const plan = planPage(context, page, {
    order,
    filter: () => stored(filter),
    faults: filterFaults(context, {
      settingsEnabled: entries(filter?.settingsEnabled),
      titleContains: search(filter?.titleContains, limits.title),
    }),
    value: sortValue[order.field],
    asked: askedOfPage(info, Meeting),
    node: (row: ListedMeeting) => new Meeting(row),
  });
  return readPage(plan, {
    list: (request) => meetings.list(reach, request),
    count: (where) => meetings.count(reach, where),
  });
}
