import { latest } from "../../clock.js";
import type { Caller } from "../caller.js";
import { refuseIssues } from "../checks.js";
import { recordEvent } from "../events/events.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { readSettings, type Settings } from "../settings.js";
import { checkPatch, patched, type SettingsPatch } from "./update-meeting.js";

export const updateGeneralSettingsRefusals = ["INVALID_INPUT"] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(updateGeneralSettingsRefusals);

/**
 * Changes what new meetings of the license start from; existing meetings keep theirs.
 * @throws Refusal of `updateGeneralSettingsRefusals`
 */
export async function updateGeneralSettings(
  { storage, clock }: Services,
  caller: Caller,
  patch: SettingsPatch,
): Promise<Settings> {
  refuseIssues(refuse, checkPatch(patch));
  const licenseId = caller.license.id;
  return storage.transaction(async (tx) => {
    const license = await tx.licenses.find(licenseId);
    if (!license) throw new Error("the license that calls is not stored");
    const settings = patched(readSettings(license.generalSettings), patch);
    const now = latest(clock.now(), license.updatedAt);
    await tx.licenses.setGeneralSettings(licenseId, settings, now);
    await recordEvent({
      tx,
      type: "general_settings.updated",
      origin: caller,
      at: now,
      licenseId,
      facts: { fields: Object.keys(patch) },
    });
    return settings;
  });
}
