import { createAccessTokenRefusals, revokeAccessTokenRefusals } from "../../src/domain/license/access-token.js";
import { createMeetingRefusals } from "../../src/domain/meeting/create-meeting.js";
import { deleteMeetingRefusals } from "../../src/domain/meeting/delete-meeting.js";
import { endMeetingRefusals } from "../../src/domain/session/end-meeting.js";
import { endByOperatorRefusals } from "../../src/domain/session/end-session.js";
import { enterRoomRefusals } from "../../src/domain/entering/enter-room.js";
import { linkRefusals } from "../../src/domain/entering/opening.js";
import { joinMeetingRefusals } from "../../src/domain/entering/join-meeting.js";
import { endEmptyRoomsRefusals } from "../../src/domain/session/empty-rooms.js";
import { endReportedRefusals } from "../../src/domain/session/end-reported.js";
import { removePersonRefusals } from "../../src/domain/moderating/remove-person.js";
import { setPersonRoleRefusals } from "../../src/domain/moderating/set-person-role.js";
import { updateSessionSettingsRefusals } from "../../src/domain/moderating/update-session-settings.js";
import { startMeetingRefusals } from "../../src/domain/session/start-meeting.js";
import { deleteRecordingRefusals } from "../../src/domain/recording/delete-recording.js";
import { updateRecordingRefusals } from "../../src/domain/recording/update-recording.js";
import { updateGeneralSettingsRefusals } from "../../src/domain/meeting/update-general-settings.js";
import { updateMeetingRefusals } from "../../src/domain/meeting/update-meeting.js";

/** By the mutation that calls the use-case. */
export const ofMutations = {
  createMeeting: createMeetingRefusals,
  updateMeeting: updateMeetingRefusals,
  startMeeting: startMeetingRefusals,
  joinMeeting: joinMeetingRefusals,
  endMeeting: endMeetingRefusals,
  deleteMeeting: deleteMeetingRefusals,
  updateGeneralMeetingSettings: updateGeneralSettingsRefusals,
  updateRecording: updateRecordingRefusals,
  deleteRecording: deleteRecordingRefusals,
  createAccessToken: createAccessTokenRefusals,
  revokeAccessToken: revokeAccessTokenRefusals,
  removePerson: removePersonRefusals,
  setPersonRole: setPersonRoleRefusals,
  updateSessionSettings: updateSessionSettingsRefusals,
} as const;

/** Of the use-cases that no mutation calls. */
export const ofOthers = {
  openLink: linkRefusals,
  enterRoom: enterRoomRefusals,
  endReported: endReportedRefusals,
  endByOperator: endByOperatorRefusals,
  endEmptyRooms: endEmptyRoomsRefusals,
} as const;

/** Something for each refusal of each list: a code without it does not compile. */
export type ForEach<Lists extends Record<string, readonly string[]>, Value> = {
  [Name in keyof Lists]: { [Code in Lists[Name][number]]: Value };
};
