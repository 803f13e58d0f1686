import type { GraphQLResolveInfo } from "graphql";
import { Field, ID, InputType } from "type-graphql";
import { storedId } from "../../domain/checks.js";
import type { Recording as RecordingRow } from "../../storage/index.js";
import type { RecordingFilter as StoredFilter } from "../../storage/queries/recordings.js";
import { askedOfPage } from "../paging/asked.js";
import { connectionOf, DateTimeRange, type PageArgs } from "../paging/connection.js";
import type { Context } from "../context.js";
import { entries, filterFaults, id } from "../paging/filter-faults.js";
import { planPage, readPage } from "../paging/read-page.js";
import { entriesAtMost } from "../texts.js";
import { Recording, RecordingStatus } from "./recording.js";

@InputType({ description: "Conditions on recordings; all given ones must hold." })
export class RecordingFilter {
  @Field(() => DateTimeRange, { nullable: true, description: "First received in this interval." })
  createdAt?: DateTimeRange | null;

  @Field(() => Boolean, { nullable: true, description: "Published or not." })
  isPublished?: boolean | null;

  @Field(() => ID, { nullable: true, description: "Of sessions of this meeting; its id, a UUID." })
  meetingId?: string | null;

  @Field(() => [RecordingStatus], {
    nullable: true,
    description: `In one of these states, ${entriesAtMost}; an empty list means any.`,
  })
  status?: RecordingRow["status"][] | null;
}

export const RecordingConnection = connectionOf(Recording, "A recording", "recordings");

function stored(filter: RecordingFilter | null | undefined): StoredFilter | undefined {
  if (!filter) return undefined;
  const { createdAt, isPublished, meetingId, status } = filter;
  return {
    createdAt: createdAt ?? undefined,
    isPublished: isPublished ?? undefined,
    meetingId: meetingId == null ? undefined : storedId(meetingId),
    status: [...new Set(status)],
  };
}

interface RecordingListArgs {
  page: PageArgs;
  filter: RecordingFilter | null | undefined;
  info: GraphQLResolveInfo;
}

/** Newest first. */
export function recordingsOf(context: Context, { page, filter, info }: RecordingListArgs) {
  const { recordings } = context.read;
  const { reach } = context.caller;
  const plan = planPage(context, page, {
    order: { field: "CREATED_AT" as const, direction: "DESC" as const },
    filter: () => stored(filter),
    faults: filterFaults(context, { meetingId: id(filter?.meetingId), status: entries(filter?.status) }),
    value: (row: RecordingRow) => row.createdAt.getTime(),
    asked: askedOfPage(info, Recording),
    node: (row: RecordingRow) => new Recording(row),
  });
  return readPage(plan, {
    list: (request) => recordings.list(reach, request),
    count: (where) => recordings.count(reach, where),
  });
}
