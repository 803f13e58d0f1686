import { Field, ID, InputType } from "type-graphql";
import type { LocksPatch } from "../../domain/settings.js";
import type { Role as StoredRole } from "../../storage/index.js";
import { Role } from "../attendance/attendance.js";
import { SessionLocksPatch } from "../settings.js";

const personId = "Whom; the id of their attendance, a UUID.";

@InputType({ description: "Input of `Mutation.removePerson`." })
export class RemovePersonInput {
  @Field(() => ID, { description: personId })
  personId!: string;
}

@InputType({ description: "Input of `Mutation.setPersonRole`." })
export class SetPersonRoleInput {
  @Field(() => ID, { description: personId })
  personId!: string;

  @Field(() => Role, { description: "Role from now on." })
  role!: StoredRole;
}

@InputType({ description: "Input of `Mutation.updateSessionSettings`." })
export class UpdateSessionSettingsInput {
  @Field(() => ID, { description: "Session to change; its id, a UUID." })
  sessionId!: string;

  @Field(() => SessionLocksPatch, { description: "Locks to change." })
  settings!: LocksPatch;
}
