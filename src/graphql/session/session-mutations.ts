import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { removePerson } from "../../domain/moderating/remove-person.js";
import { setPersonRole } from "../../domain/moderating/set-person-role.js";
import { updateSessionSettings } from "../../domain/moderating/update-session-settings.js";
import { answer } from "../answer.js";
import { Attendance } from "../attendance/attendance.js";
import type { Context } from "../context.js";
import { Needs } from "../run/scopes.js";
import { Session } from "./session.js";
import * as inputs from "./session-inputs.js";
import * as results from "./session-results.js";
import { inputOf } from "../texts.js";

@Resolver()
export class SessionMutations {
  @Needs("SESSIONS_WRITE")
  @Mutation(() => results.RemovePersonResult, {
    nullable: true,
    description:
      "Remove someone from a running session: they are sent out, and their link opens nothing any more. Again, it changes nothing.",
  })
  removePerson(
    @Arg("input", () => inputs.RemovePersonInput, inputOf) { personId }: inputs.RemovePersonInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const row = await removePerson(context.services, context.caller, personId);
      return new results.RemovePersonSuccess({ attendance: new Attendance(row) });
    });
  }

  @Needs("SESSIONS_WRITE")
  @Mutation(() => results.SetPersonRoleResult, {
    nullable: true,
    description:
      "Make someone a moderator, or a viewer again, for the rest of a running session. Their link stays good.",
  })
  setPersonRole(
    @Arg("input", () => inputs.SetPersonRoleInput, inputOf) input: inputs.SetPersonRoleInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const row = await setPersonRole(context.services, context.caller, input);
      return new results.SetPersonRoleSuccess({ attendance: new Attendance(row) });
    });
  }

  @Needs("SESSIONS_WRITE")
  @Mutation(() => results.UpdateSessionSettingsResult, {
    nullable: true,
    description: "Change what viewers may in a running session. The meeting's own settings stay.",
  })
  updateSessionSettings(
    @Arg("input", () => inputs.UpdateSessionSettingsInput, inputOf) input: inputs.UpdateSessionSettingsInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const row = await updateSessionSettings(context.services, context.caller, input);
      return new results.UpdateSessionSettingsSuccess({ session: new Session(row) });
    });
  }
}
