import { ObjectType } from "type-graphql";
import { removePersonRefusals } from "../../domain/moderating/remove-person.js";
import { setPersonRoleRefusals } from "../../domain/moderating/set-person-role.js";
import { updateSessionSettingsRefusals } from "../../domain/moderating/update-session-settings.js";
import { Attendance } from "../attendance/attendance.js";
import { Plain } from "../plain.js";
import { resultOf } from "../result.js";
import { Success } from "../success.js";
import { Session } from "./session.js";

@ObjectType({ description: "The person is out, and their link opens nothing any more." })
export class RemovePersonSuccess extends Success<{ attendance: Attendance }> {
  @Plain(() => Attendance, { description: "The person who was removed." })
  get attendance(): Attendance {
    return this.values.attendance;
  }
}

@ObjectType({ description: "The person has the role." })
export class SetPersonRoleSuccess extends Success<{ attendance: Attendance }> {
  @Plain(() => Attendance, { description: "The person, with the role." })
  get attendance(): Attendance {
    return this.values.attendance;
  }
}

@ObjectType({ description: "The session's locks are as asked." })
export class UpdateSessionSettingsSuccess extends Success<{ session: Session }> {
  @Plain(() => Session, { description: "The session after the change." })
  get session(): Session {
    return this.values.session;
  }
}

export const RemovePersonResult = resultOf("removePerson", RemovePersonSuccess, removePersonRefusals);
export const SetPersonRoleResult = resultOf("setPersonRole", SetPersonRoleSuccess, setPersonRoleRefusals);
export const UpdateSessionSettingsResult = resultOf(
  "updateSessionSettings",
  UpdateSessionSettingsSuccess,
  updateSessionSettingsRefusals,
);
