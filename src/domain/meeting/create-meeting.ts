import { newId } from "../../ids.js";
import { type Meeting, sortKey } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { checkText, limits, refuseIssues } from "../checks.js";
import { recordEvent } from "../events/events.js";
import { checkKey, findRepeat, type Repeatable, rememberCall } from "../idempotency.js";
import { type Issue, Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { readSettings, settingList } from "../settings.js";
import type { SettingsPatch } from "./update-meeting.js";

export interface CreateMeeting {
  title?: string | null | undefined;
  moderatorPassword?: string | null | undefined;
  welcomeText?: string | null | undefined;
  /** The license's general settings when left out. */
  settings?: SettingsPatch | null | undefined;
  /** Sent again with the same input within a day, the call gives the meeting it made. */
  idempotencyKey?: string | null | undefined;
}

export const createMeetingRefusals = [
  "INVALID_INPUT",
  "MEETING_LIMIT_REACHED",
  "IDEMPOTENCY_KEY_REUSED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(createMeetingRefusals);

/** Every switch must be given: one that is left out, or null, is missing. */
const checkSettings = (settings: SettingsPatch | null | undefined): Issue[] =>
  settingList
    .filter(({ name }) => settings && settings[name] == null)
    .map(({ name }) => ({ path: ["settings", name], code: "REQUIRED", key: "fault.required" }));

/** @throws Refusal of `createMeetingRefusals` */
export async function createMeeting(services: Services, caller: Caller, input: CreateMeeting): Promise<Meeting> {
  refuseIssues(
    refuse,
    checkText(["title"], input.title, limits.title),
    checkText(["moderatorPassword"], input.moderatorPassword, limits.password),
    checkText(["welcomeText"], input.welcomeText, limits.welcomeText),
    checkSettings(input.settings),
    checkKey(input.idempotencyKey),
  );
  const { storage, clock } = services;
  const { license } = caller;
  const now = clock.now();
  const title = input.title ?? null;
  const call: Repeatable = { key: input.idempotencyKey, operation: "CREATE_MEETING", input };
  return storage.transaction(async (tx) => {
    const earlier = await findRepeat(refuse, tx, services, caller, call);
    const made = earlier?.meetingId && (await tx.meetings.findAny(caller.reach, earlier.meetingId));
    if (made) return made;
    await tx.licenses.claimMeeting(license.id, () =>
      refuse("MEETING_LIMIT_REACHED", { limit: license.maxMeetings ?? 0 }),
    );
    const meeting = await tx.meetings.insert({
      id: newId(),
      licenseId: license.id,
      title,
      titleKey: sortKey(title),
      moderatorPassword: input.moderatorPassword ?? null,
      welcomeText: input.welcomeText ?? null,
      settings: readSettings(input.settings ?? license.generalSettings),
      createdAt: now,
      updatedAt: now,
    });
    await recordEvent({ tx, type: "meeting.created", origin: caller, at: now, meeting });
    await rememberCall(tx, services, caller, call, { meetingId: meeting.id });
    return meeting;
  });
}
