import type { Services } from "../services.js";
import { formatKey, newRow, oneYearFrom } from "./create-license.js";
import { authenticate, hashKey } from "./license.js";
import { isRevokedByOperator } from "./revoke-license.js";

/** What it is, whether or not it lets anybody in. */
export const demoKeyOf = (secret: Buffer): string => formatKey(secret);

/**
 * The demo license, its key derived from the server's secret: every start shows the same key although the database
 * holds only its hash. Demo keys of an earlier secret stop working, until that secret is back.
 * @returns undefined when the operator revoked it, which is for good
 */
export async function ensureDemoLicense({ storage, clock }: Services, secret: Buffer): Promise<string | undefined> {
  const key = demoKeyOf(secret);
  const now = clock.now();
  const expiresAt = oneYearFrom(clock.wall());
  return storage.transaction(async (tx) => {
    await tx.licenses.revokeOtherDemos(hashKey(key), now);
    const known = await tx.licenses.findByKeyHash(hashKey(key));
    if (isRevokedByOperator(known)) return undefined;
    if (known) {
      // An earlier secret that is back: whoever reads this start's greeting must be able to use the key in it.
      await tx.licenses.update(known.id, { expiresAt, revokedAt: null, revokedBy: null }, now);
      return key;
    }
    const terms = { name: "Demo", expiresAt, maxMeetings: null, maxRunning: null, maxAttendance: null };
    await tx.licenses.insert({ ...newRow(key, now, terms), isDemo: true });
    return key;
  });
}

/** A key as long as it lets anybody in: what is shown to newcomers is asked again each time it is shown. */
export async function stillGood(services: Services, key: string | undefined): Promise<string | undefined> {
  return key !== undefined && !("denied" in (await authenticate(services, key))) ? key : undefined;
}
