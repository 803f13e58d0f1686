import { Field, ObjectType, registerEnumType } from "type-graphql";
import type { Attendance as AttendanceRow, Role as StoredRole } from "../../storage/index.js";
import { Node } from "../node.js";
import { DateTime } from "../scalars.js";

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
