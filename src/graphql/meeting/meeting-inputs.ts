import { Field, ID, InputType } from "type-graphql";
import { limits } from "../../domain/checks.js";
import { KEPT_HOURS } from "../../domain/idempotency.js";
import type { Role as StoredRole } from "../../storage/index.js";
import { Role } from "../attendance/attendance.js";
import { MeetingSettingsInput, MeetingSettingsPatch } from "../settings.js";
import { upTo } from "../texts.js";

const repeatKey = `Repeating a call with the same key and input within ${KEPT_HOURS} hours gives the first result; ${upTo(limits.idempotencyKey)}.`;

@InputType({ description: "Input of `Mutation.createMeeting`." })
export class CreateMeetingInput {
  @Field(() => String, {
    nullable: true,
    description: repeatKey,
  })
  idempotencyKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Password that moderators will need to start or enter, ${upTo(limits.password)}; none when left out.`,
  })
  moderatorPassword?: string | null;

  @Field(() => MeetingSettingsInput, {
    nullable: true,
    description: "All switches; the license's general settings when left out.",
  })
  settings?: MeetingSettingsInput | null;

  @Field(() => String, { nullable: true, description: `Display title, ${upTo(limits.title)}.` })
  title?: string | null;

  @Field(() => String, { nullable: true, description: `Welcome text, ${upTo(limits.welcomeText)}.` })
  welcomeText?: string | null;
}

@InputType({
  description:
    "Input of `Mutation.updateMeeting`. Fields left out keep their value; null clears `title`, `welcomeText` and `moderatorPassword`.",
})
export class UpdateMeetingInput {
  @Field(() => ID, { description: "Meeting to change; its id, a UUID." })
  meetingId!: string;

  @Field(() => String, { nullable: true, description: `New password for moderators, ${upTo(limits.password)}.` })
  moderatorPassword?: string | null;

  @Field(() => MeetingSettingsPatch, { nullable: true, description: "Switches to change." })
  settings?: MeetingSettingsPatch | null;

  @Field(() => String, { nullable: true, description: `New title, ${upTo(limits.title)}.` })
  title?: string | null;

  @Field(() => String, { nullable: true, description: `New welcome text, ${upTo(limits.welcomeText)}.` })
  welcomeText?: string | null;
}

@InputType({ description: "Input of `Mutation.startMeeting`." })
export class StartMeetingInput {
  @Field(() => String, {
    nullable: true,
    description: repeatKey,
  })
  idempotencyKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Password viewers will need to enter this session, ${upTo(limits.password)}; none when left out.`,
  })
  attendeePassword?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Where people are sent when they leave: an http or https address, or one without scheme, which is taken for https; ${upTo(limits.address)}.`,
  })
  logoutUrl?: string | null;

  @Field(() => ID, { description: "Meeting to run; its id, a UUID." })
  meetingId!: string;

  @Field(() => String, { description: `Name of the moderator who starts the session, ${upTo(limits.name)}.` })
  moderatorName!: string;

  @Field(() => String, {
    nullable: true,
    description: `The meeting's moderator password, ${upTo(limits.password)}; needed where the meeting has one.`,
  })
  moderatorPassword?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Title of this session, ${upTo(limits.title)}; the meeting's title when left out.`,
  })
  title?: string | null;
}

@InputType({ description: "Input of `Mutation.joinMeeting`." })
export class JoinMeetingInput {
  @Field(() => String, { description: `Name shown to the others, ${upTo(limits.name)}.` })
  fullName!: string;

  @Field(() => ID, { description: "Meeting to join; its id, a UUID." })
  meetingId!: string;

  @Field(() => String, {
    nullable: true,
    description: `The moderator or attendee password, according to \`role\`; ${upTo(limits.password)}.`,
  })
  password?: string | null;

  @Field(() => Role, { description: "Role asked for." })
  role!: StoredRole;
}

@InputType({ description: "Input of `Mutation.endMeeting`." })
export class EndMeetingInput {
  @Field(() => ID, { description: "Meeting whose running session ends; its id, a UUID." })
  meetingId!: string;
}

@InputType({ description: "Input of `Mutation.deleteMeeting`." })
export class DeleteMeetingInput {
  @Field(() => ID, { description: "Meeting to delete; its id, a UUID." })
  meetingId!: string;
}

@InputType({ description: "Input of `Mutation.updateGeneralMeetingSettings`." })
export class UpdateGeneralMeetingSettingsInput {
  @Field(() => MeetingSettingsPatch, { description: "Switches to change." })
  settings!: MeetingSettingsPatch;
}
