import { Field, InputType } from "type-graphql";
import type { Role as StoredRole } from "../../storage/index.js";
import { Role } from "../attendance/attendance.js";
import { UUID, WebURL } from "../scalars.js";
import { MeetingSettingsInput, MeetingSettingsPatch } from "../settings.js";

@InputType({ description: "Input of `Mutation.createMeeting`." })
export class CreateMeetingInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Repeating a call with the same key and input within 24 hours gives the first result; up to 255 characters.",
  })
  idempotencyKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Password that moderators will need to start or enter, up to 64 characters; none when left out.",
  })
  moderatorPassword?: string | null;

  @Field(() => MeetingSettingsInput, {
    nullable: true,
    description: "All ten switches; the license's general settings when left out.",
  })
  settings?: MeetingSettingsInput | null;

  @Field(() => String, { nullable: true, description: "Display title, up to 255 characters." })
  title?: string | null;

  @Field(() => String, { nullable: true, description: "Welcome text, up to 4000 characters." })
  welcomeText?: string | null;
}

@InputType({
  description:
    "Input of `Mutation.updateMeeting`. Fields left out keep their value; null clears `title`, `welcomeText` and `moderatorPassword`.",
})
export class UpdateMeetingInput {
  @Field(() => UUID, { description: "Meeting to change." })
  meetingId!: string;

  @Field(() => String, { nullable: true, description: "New password for moderators, up to 64 characters." })
  moderatorPassword?: string | null;

  @Field(() => MeetingSettingsPatch, { nullable: true, description: "Switches to change." })
  settings?: MeetingSettingsPatch | null;

  @Field(() => String, { nullable: true, description: "New title, up to 255 characters." })
  title?: string | null;

  @Field(() => String, { nullable: true, description: "New welcome text, up to 4000 characters." })
  welcomeText?: string | null;
}

@InputType({ description: "Input of `Mutation.startMeeting`." })
export class StartMeetingInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Repeating a call with the same key and input within 24 hours gives the first result; up to 255 characters.",
  })
  idempotencyKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Password viewers will need to enter this session, up to 64 characters; none when left out.",
  })
  attendeePassword?: string | null;

  @Field(() => WebURL, { nullable: true, description: "Where people are sent when they leave." })
  logoutUrl?: string | null;

  @Field(() => UUID, { description: "Meeting to run." })
  meetingId!: string;

  @Field(() => String, { description: "Name of the moderator who starts the session, up to 255 characters." })
  moderatorName!: string;

  @Field(() => String, {
    nullable: true,
    description: "The meeting's moderator password; needed where the meeting has one.",
  })
  moderatorPassword?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Title of this session, up to 255 characters; the meeting's title when left out.",
  })
  title?: string | null;
}

@InputType({ description: "Input of `Mutation.joinMeeting`." })
export class JoinMeetingInput {
  @Field(() => String, { description: "Name shown to the others, up to 255 characters." })
  fullName!: string;

  @Field(() => UUID, { description: "Meeting to join." })
  meetingId!: string;

  @Field(() => String, { nullable: true, description: "The moderator or attendee password, according to `role`." })
  password?: string | null;

  @Field(() => Role, { description: "Role asked for." })
  role!: StoredRole;
}

@InputType({ description: "Input of `Mutation.endMeeting`." })
export class EndMeetingInput {
  @Field(() => UUID, { description: "Meeting whose running session ends." })
  meetingId!: string;
}

@InputType({ description: "Input of `Mutation.deleteMeeting`." })
export class DeleteMeetingInput {
  @Field(() => UUID, { description: "Meeting to delete." })
  meetingId!: string;
}

@InputType({ description: "Input of `Mutation.updateGeneralMeetingSettings`." })
export class UpdateGeneralMeetingSettingsInput {
  @Field(() => MeetingSettingsPatch, { description: "Switches to change." })
  settings!: MeetingSettingsPatch;
}
