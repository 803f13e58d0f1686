import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { createMeeting } from "../../domain/meeting/create-meeting.js";
import { deleteMeeting } from "../../domain/meeting/delete-meeting.js";
import { endMeeting } from "../../domain/session/end-meeting.js";
import { joinMeeting } from "../../domain/entering/join-meeting.js";
import { startMeeting } from "../../domain/session/start-meeting.js";
import { updateGeneralSettings } from "../../domain/meeting/update-general-settings.js";
import { updateMeeting } from "../../domain/meeting/update-meeting.js";
import { answer } from "../answer.js";
import type { Context } from "../context.js";
import { emptyAsNull } from "./empty-texts.js";
import { Meeting } from "./meeting.js";
import * as inputs from "./meeting-inputs.js";
import * as results from "./meeting-results.js";
import { Session } from "../session/session.js";
import { MeetingSettings } from "../settings.js";
import { Needs } from "../run/scopes.js";
import { inputOf } from "../texts.js";

@Resolver()
export class MeetingMutations {
  @Needs("MEETINGS_WRITE", "ANY_MEETING")
  @Mutation(() => results.CreateMeetingResult, { nullable: true, description: "Schedule a meeting." })
  createMeeting(
    @Arg("input", () => inputs.CreateMeetingInput, inputOf) input: inputs.CreateMeetingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const row = await createMeeting(context.services, context.caller, emptyAsNull(input));
      return new results.CreateMeetingSuccess({ meeting: new Meeting(row) });
    });
  }

  @Needs("MEETINGS_WRITE")
  @Mutation(() => results.UpdateMeetingResult, {
    nullable: true,
    description: "Change a meeting. A running session keeps the settings it started with.",
  })
  updateMeeting(
    @Arg("input", () => inputs.UpdateMeetingInput, inputOf) input: inputs.UpdateMeetingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const row = await updateMeeting(context.services, context.caller, emptyAsNull(input));
      return new results.UpdateMeetingSuccess({ meeting: new Meeting(row) });
    });
  }

  @Needs("SESSIONS_WRITE")
  @Mutation(() => results.StartMeetingResult, {
    nullable: true,
    description:
      "Run a meeting and get the moderator's link into its running session, which it opens where there is none.",
  })
  startMeeting(
    @Arg("input", () => inputs.StartMeetingInput, inputOf) input: inputs.StartMeetingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const { session, ...link } = await startMeeting(context.services, context.caller, emptyAsNull(input));
      return new results.StartMeetingSuccess({ session: new Session(session), ...link });
    });
  }

  @Needs("SESSIONS_JOIN")
  @Mutation(() => results.JoinMeetingResult, {
    nullable: true,
    description: "Get a personal link into the running session.",
  })
  joinMeeting(
    @Arg("input", () => inputs.JoinMeetingInput, inputOf) input: inputs.JoinMeetingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const { session, joinUrl } = await joinMeeting(context.services, context.caller, emptyAsNull(input));
      return new results.JoinMeetingSuccess({ session: new Session(session), joinUrl });
    });
  }

  @Needs("SESSIONS_WRITE")
  @Mutation(() => results.EndMeetingResult, {
    nullable: true,
    description: "End the running session of a meeting; everyone is sent out.",
  })
  endMeeting(
    @Arg("input", () => inputs.EndMeetingInput, inputOf) input: inputs.EndMeetingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const row = await endMeeting(context.services, context.caller, input.meetingId);
      return new results.EndMeetingSuccess({ session: new Session(row) });
    });
  }

  @Needs("MEETINGS_WRITE")
  @Mutation(() => results.DeleteMeetingResult, {
    nullable: true,
    description: "Delete a meeting that is not running. Its past sessions and recordings stay readable by id.",
  })
  deleteMeeting(
    @Arg("input", () => inputs.DeleteMeetingInput, inputOf) input: inputs.DeleteMeetingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const deletedMeetingId = await deleteMeeting(context.services, context.caller, input.meetingId);
      return new results.DeleteMeetingSuccess({ deletedMeetingId });
    });
  }

  @Needs("MEETINGS_WRITE", "ANY_MEETING")
  @Mutation(() => results.UpdateGeneralMeetingSettingsResult, {
    nullable: true,
    description: "Change the switches new meetings start from.",
  })
  updateGeneralMeetingSettings(
    @Arg("input", () => inputs.UpdateGeneralMeetingSettingsInput, inputOf)
    input: inputs.UpdateGeneralMeetingSettingsInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const settings = await updateGeneralSettings(context.services, context.caller, input.settings);
      return new results.UpdateGeneralMeetingSettingsSuccess({ settings: new MeetingSettings(settings) });
    });
  }
}
