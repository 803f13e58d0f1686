import { latest } from "../../clock.js";
import type { License, LicenseId } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { recordEvent } from "../events/events.js";
import type { Services } from "../services.js";
import type { LicenseTerms } from "./create-license.js";

/** Lowering a limit ends nothing; it only refuses what comes next (limit-4). undefined when there is no such license. */
export async function updateLicense(
  { storage, clock }: Services,
  origin: Origin,
  id: LicenseId,
  change: Partial<LicenseTerms>,
): Promise<License | undefined> {
  return storage.transaction(async (tx) => {
    const known = await tx.licenses.find(id);
    const now = latest(clock.now(), known?.updatedAt ?? null);
    const license = await tx.licenses.update(id, change, now);
    if (license) {
      await recordEvent({
        tx,
        type: "license.updated",
        origin,
        at: now,
        licenseId: id,
        facts: { fields: Object.keys(change) },
      });
    }
    return license;
  });
}
