import { latest } from "../../clock.js";
import { type Meeting, sortKey } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { checkId, checkText, limits, refuseIssues, storedId } from "../checks.js";
import { recordEvent } from "../events/events.js";
import { type Issue, Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { readSettings, type Settings, settingList } from "../settings.js";

export type SettingsPatch = { [Name in keyof Settings]?: boolean | null | undefined };

export interface UpdateMeeting {
  meetingId: string;
  /** Left out keeps what is stored; null clears it. The same for the other two texts. */
  title?: string | null | undefined;
  moderatorPassword?: string | null | undefined;
  welcomeText?: string | null | undefined;
  settings?: SettingsPatch | null | undefined;
}

/** A switch left out keeps its value; an explicit null is a fault, because it would say neither. */
export function checkPatch(patch: SettingsPatch | null | undefined): Issue[] {
  return settingList
    .filter(({ name }) => patch?.[name] === null)
    .map(({ name }) => ({ path: ["settings", name], code: "NULL_NOT_ALLOWED", key: "fault.nullNotAllowed" }));
}

export const patched = (stored: Settings, patch: SettingsPatch): Settings =>
  Object.fromEntries(settingList.map(({ name }) => [name, patch[name] ?? stored[name]])) as Settings;

function changeOf(input: UpdateMeeting, stored: Meeting) {
  const change: Parameters<Changes>[2] = {};
  if (input.title !== undefined) {
    change.title = input.title;
    change.titleKey = sortKey(change.title);
  }
  if (input.moderatorPassword !== undefined) change.moderatorPassword = input.moderatorPassword;
  if (input.welcomeText !== undefined) change.welcomeText = input.welcomeText;
  if (input.settings) change.settings = patched(readSettings(stored.settings), input.settings);
  return change;
}
type Changes = Services["storage"]["read"]["meetings"]["update"];

export const updateMeetingRefusals = ["INVALID_INPUT", "NOT_FOUND"] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(updateMeetingRefusals);

/**
 * Allowed while the meeting runs: the running session keeps the settings it started with (update-2).
 * @throws Refusal of `updateMeetingRefusals`
 */
export async function updateMeeting(
  { storage, clock }: Services,
  caller: Caller,
  input: UpdateMeeting,
): Promise<Meeting> {
  refuseIssues(
    refuse,
    checkId(["meetingId"], input.meetingId),
    checkText(["title"], input.title, limits.title),
    checkText(["moderatorPassword"], input.moderatorPassword, limits.password),
    checkText(["welcomeText"], input.welcomeText, limits.welcomeText),
    checkPatch(input.settings),
  );
  const licenseId = caller.license.id;
  return storage.transaction(async (tx) => {
    const stored = await tx.meetings.find(caller.reach, storedId(input.meetingId));
    if (!stored) throw refuse("NOT_FOUND", { resource: "MEETING" });
    const now = latest(clock.now(), stored.updatedAt);
    const change = changeOf(input, stored);
    const meeting = (await tx.meetings.update(licenseId, stored.id, change, now)) ?? stored;
    await recordEvent({
      tx,
      type: "meeting.updated",
      origin: caller,
      at: now,
      meeting,
      facts: { fields: Object.keys(change) },
    });
    return meeting;
  });
}
