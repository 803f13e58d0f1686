import { Int, ObjectType, registerEnumType } from "type-graphql";
import type { Attendance as AttendanceRow, Role as StoredRole } from "../../storage/index.js";
import type { Context } from "../context.js";
import { Node } from "../node.js";
import type { Reads } from "../paging/asked.js";
import { DateTime } from "../scalars.js";
import { Plain } from "../plain.js";

export const Role = { MODERATOR: "MODERATOR", VIEWER: "VIEWER" } as const;
registerEnumType(Role, {
  name: "Role",
  description: "Roles in a session.",
  valuesConfig: {
    MODERATOR: { description: "Runs the session." },
    VIEWER: { description: "Takes part, subject to the lock settings (the documents of v1 also say attendee)." },
  },
});

@ObjectType({
  implements: Node,
  description: "One person (one join link) in one session, however often they left and came back.",
})
export class Attendance extends Node<AttendanceRow> {
  static readonly reads: Reads<AttendanceRow> = {
    durationSeconds: ["id", "leftAt", "seconds"],
    session: ["sessionId"],
    stays: ["id"],
  };

  @Plain(() => String, { description: "Name given when joining." })
  get fullName(): string {
    return this.row.fullName;
  }

  @Plain(() => Role, { description: "Role in the session, as it is now." })
  get role(): StoredRole {
    return this.row.role;
  }

  @Plain(() => DateTime, { description: "When the person first entered (v1: `joined_date`)." })
  get joinedAt(): Date {
    return this.row.joinedAt;
  }

  @Plain(() => DateTime, { nullable: true, description: "When the person last left; null while present." })
  get leftAt(): Date | null {
    return this.row.leftAt;
  }

  @Plain(() => DateTime, {
    nullable: true,
    description: "When a moderator removed the person: from then on their link opens nothing. Null for most.",
  })
  get removedAt(): Date | null {
    return this.row.removedAt;
  }

  @Plain(() => Int, { description: "Seconds spent inside, over all stays; counts up while present." })
  durationSeconds(_arguments: object, { services, loaders }: Context): number | Promise<number> {
    const { id, leftAt, seconds } = this.row;
    if (leftAt !== null) return seconds;
    return loaders.openStay.load(id).then((open) => {
      const since = open ? services.clock.now().getTime() - open.joinedAt.getTime() : 0;
      return seconds + Math.round(since / 1000);
    });
  }
}
