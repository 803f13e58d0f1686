import { ID, ObjectType } from "type-graphql";
import { createMeetingRefusals } from "../../domain/meeting/create-meeting.js";
import { deleteMeetingRefusals } from "../../domain/meeting/delete-meeting.js";
import { endMeetingRefusals } from "../../domain/session/end-meeting.js";
import { joinMeetingRefusals } from "../../domain/entering/join-meeting.js";
import { startMeetingRefusals } from "../../domain/session/start-meeting.js";
import { updateGeneralSettingsRefusals } from "../../domain/meeting/update-general-settings.js";
import { updateMeetingRefusals } from "../../domain/meeting/update-meeting.js";
import { Meeting } from "./meeting.js";
import { resultOf } from "../result.js";
import { WebURL } from "../scalars.js";
import { Session } from "../session/session.js";
import { MeetingSettings } from "../settings.js";
import { Plain } from "../plain.js";
import { Success } from "../success.js";

@ObjectType({ description: "The meeting was created." })
export class CreateMeetingSuccess extends Success<{ meeting: Meeting }> {
  @Plain(() => Meeting, { description: "The new meeting." })
  get meeting(): Meeting {
    return this.values.meeting;
  }
}

@ObjectType({ description: "The meeting was changed." })
export class UpdateMeetingSuccess extends Success<{ meeting: Meeting }> {
  @Plain(() => Meeting, { description: "The meeting after the change." })
  get meeting(): Meeting {
    return this.values.meeting;
  }
}

@ObjectType({ description: "The session is running." })
export class StartMeetingSuccess extends Success<{ session: Session; joinUrl: string; isNew: boolean }> {
  @Plain(() => WebURL, { description: "The moderator's personal link into the session." })
  get joinUrl(): string {
    return this.values.joinUrl;
  }

  @Plain(() => Boolean, {
    description: "False where the meeting was already running and the link leads into that session.",
  })
  get isNew(): boolean {
    return this.values.isNew;
  }

  @Plain(() => Session, { description: "The running session." })
  get session(): Session {
    return this.values.session;
  }
}

@ObjectType({ description: "The person may enter." })
export class JoinMeetingSuccess extends Success<{ session: Session; joinUrl: string }> {
  @Plain(() => WebURL, {
    description: "The personal link into the session. It never carries anyone else's password.",
  })
  get joinUrl(): string {
    return this.values.joinUrl;
  }

  @Plain(() => Session, { description: "The session to be joined." })
  get session(): Session {
    return this.values.session;
  }
}

@ObjectType({ description: "The session is over." })
export class EndMeetingSuccess extends Success<{ session: Session }> {
  @Plain(() => Session, { description: "The session that ended." })
  get session(): Session {
    return this.values.session;
  }
}

@ObjectType({ description: "The meeting is gone." })
export class DeleteMeetingSuccess extends Success<{ deletedMeetingId: string }> {
  @Plain(() => ID, { description: "Id of the deleted meeting, to evict it from client caches." })
  get deletedMeetingId(): string {
    return this.values.deletedMeetingId;
  }
}

@ObjectType({ description: "The general settings were changed." })
export class UpdateGeneralMeetingSettingsSuccess extends Success<{ settings: MeetingSettings }> {
  @Plain(() => MeetingSettings, { description: "The general settings after the change." })
  get settings(): MeetingSettings {
    return this.values.settings;
  }
}

export const CreateMeetingResult = resultOf("createMeeting", CreateMeetingSuccess, createMeetingRefusals);
export const UpdateMeetingResult = resultOf("updateMeeting", UpdateMeetingSuccess, updateMeetingRefusals);
export const StartMeetingResult = resultOf("startMeeting", StartMeetingSuccess, startMeetingRefusals);
export const JoinMeetingResult = resultOf("joinMeeting", JoinMeetingSuccess, joinMeetingRefusals);
export const EndMeetingResult = resultOf("endMeeting", EndMeetingSuccess, endMeetingRefusals);
export const DeleteMeetingResult = resultOf("deleteMeeting", DeleteMeetingSuccess, deleteMeetingRefusals);
export const UpdateGeneralMeetingSettingsResult = resultOf(
  "updateGeneralMeetingSettings",
  UpdateGeneralMeetingSettingsSuccess,
  updateGeneralSettingsRefusals,
);
