import { latest } from "../../clock.js";
import type { License, LicenseId } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { recordEvent } from "../events/events.js";
import type { Services } from "../services.js";
import { endByOperator } from "../session/end-session.js";

export const isRevokedByOperator = (license: License | undefined): boolean => license?.revokedBy === "OPERATOR";

export interface Revoked {
  license: License;
  /** Sessions that were ended too. */
  ended: number;
  /** Why each of those that run on could not be ended. */
  failures: unknown[];
}

/**
 * From that instant every call answers 401; people in rooms stay (limit-1), unless the sessions are ended too. Said
 * again it ends what could not be ended before. undefined when there is no such license.
 */
export async function revokeLicense(
  services: Services,
  origin: Origin,
  id: LicenseId,
  { endSessions }: { endSessions: boolean },
): Promise<Revoked | undefined> {
  const { storage, clock } = services;
  const license = await storage.transaction(async (tx) => {
    const known = await tx.licenses.find(id);
    const now = latest(clock.now(), known?.updatedAt ?? null);
    const revoked = await tx.licenses.revoke(id, now);
    if (revoked && !isRevokedByOperator(known))
      await recordEvent({ tx, type: "license.revoked", origin, at: now, licenseId: id });
    return revoked;
  });
  if (!license) return undefined;
  return { license, ...(endSessions ? await endSessionsOf(services, origin, id) : { ended: 0, failures: [] }) };
}

/** One that can't be ended keeps no other from it. */
async function endSessionsOf(services: Services, origin: Origin, id: LicenseId): Promise<Omit<Revoked, "license">> {
  const open = await services.storage.read.sessions.listOpen();
  const failures: unknown[] = [];
  let ended = 0;
  for (const session of open.filter(({ licenseId }) => licenseId === id)) {
    await endByOperator(services, origin, session.id).then(
      (done) => (ended += done ? 1 : 0),
      (error: unknown) => failures.push(error),
    );
  }
  return { ended, failures };
}
