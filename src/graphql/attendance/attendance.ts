import { Authorized, Ctx, Field, FieldResolver, Int, ObjectType, registerEnumType, Resolver, Root } from "type-graphql";
import type { Attendance as AttendanceRow, Role as StoredRole, Stay as StayRow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { Node } from "../node.js";
import { DateTime } from "../scalars.js";
import { Session } from "../session/session.js";
import type { Need } from "../run/scopes.js";

export const Role = { MODERATOR: "MODERATOR", VIEWER: "VIEWER" } as const;
registerEnumType(Role, {
  name: "Role",
  description: "Roles in a session.",
  valuesConfig: {
    MODERATOR: { description: "Runs the session." },
    VIEWER: { description: "Takes part, subject to the lock settings (the documents of v1 also say attendee)." },
  },
});

const StaySource = {
  ANALYTICS: "ANALYTICS",
  LIVE: "LIVE",
  POLL: "POLL",
  RECOVERED: "RECOVERED",
  WEBHOOK: "WEBHOOK",
} as const;
registerEnumType(StaySource, {
  name: "StaySource",
  description: "How a stay is known.",
  valuesConfig: {
    ANALYTICS: { description: "From the conference engine's report after the session." },
    LIVE: { description: "Seen by the built-in room itself." },
    POLL: { description: "Found by asking the conference engine." },
    RECOVERED: { description: "Closed afterwards, because the process that saw it died." },
    WEBHOOK: { description: "Told by the conference engine." },
  },
});

@ObjectType({ description: "One visit: from entering to leaving.", simpleResolvers: true })
export class Stay {
  constructor(private readonly row: StayRow) {}

  @Field(() => DateTime, { description: "When it began." })
  get joinedAt(): Date {
    return this.row.joinedAt;
  }

  @Field(() => DateTime, { nullable: true, description: "When it ended; null while inside." })
  get leftAt(): Date | null {
    return this.row.leftAt;
  }

  @Field(() => StaySource, { description: "How it is known." })
  get source(): StayRow["source"] {
    return this.row.source;
  }
}

@ObjectType({
  implements: Node,
  description: "One person (one join link) in one session, however often they left and came back.",
  simpleResolvers: true,
})
export class Attendance extends Node<AttendanceRow> {
  @Field(() => String, { description: "Name given when joining." })
  get fullName(): string {
    return this.row.fullName;
  }

  @Field(() => Role, { description: "Role in the session." })
  get role(): StoredRole {
    return this.row.role;
  }

  @Field(() => DateTime, { description: "When the person first entered (v1: `joined_date`)." })
  get joinedAt(): Date {
    return this.row.joinedAt;
  }

  @Field(() => DateTime, { nullable: true, description: "When the person last left; null while present." })
  get leftAt(): Date | null {
    return this.row.leftAt;
  }
}

@Resolver(() => Attendance)
export class AttendanceResolver {
  @Authorized<Need>("MEETINGS_READ")
  @FieldResolver(() => Session, { nullable: true, description: "The session. Needs the scope `MEETINGS_READ`." })
  async session(@Root() { row }: Attendance, @Ctx() { loaders }: Context): Promise<Session> {
    const session = await loaders.session.load(row.sessionId);
    if (!session) throw new Error("an attendance without its session");
    return new Session(session);
  }

  @FieldResolver(() => [Stay], { description: "The single visits, in order." })
  async stays(@Root() { id }: Attendance, @Ctx() { loaders }: Context): Promise<Stay[]> {
    return (await loaders.stays.load(id)).map((row) => new Stay(row));
  }

  @FieldResolver(() => Int, { description: "Seconds spent inside, over all stays; counts up while present." })
  async durationSeconds(@Root() { row }: Attendance, @Ctx() { services, loaders }: Context): Promise<number> {
    if (row.leftAt !== null) return row.seconds;
    const open = (await loaders.stays.load(row.id)).find((stay) => stay.leftAt === null);
    const since = open ? services.clock.now().getTime() - open.joinedAt.getTime() : 0;
    return row.seconds + Math.round(since / 1000);
  }
}
