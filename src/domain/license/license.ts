import { createHash, randomBytes } from "node:crypto";
import { latest } from "../../clock.js";
import { v7 as newId } from "uuid";
import type { License, LicenseId } from "../../storage/index.js";
import type { Caller, Origin } from "../caller.js";
import { endByOperator } from "../session/end-session.js";
import { recordEvent } from "../events/events.js";
import type { Services } from "../services.js";

export type Denial =
  | "UNAUTHENTICATED"
  | "LICENSE_EXPIRED"
  | "LICENSE_REVOKED"
  | "TOKEN_INVALID"
  | "TOKEN_EXPIRED"
  | "TOKEN_REVOKED";

export interface LicenseTerms {
  name: string;
  expiresAt: Date;
  /** null means unlimited; the same for the other two. */
  maxMeetings: number | null;
  maxRunning: number | null;
  maxAttendance: number | null;
}

const KEY_BYTES = 32;
const HINT_LENGTH = 4;

const formatKey = (bytes: Buffer): string => `vc_${bytes.toString("base64url")}`;
/** A key is 256 random bits, so a plain hash is enough: there is no dictionary to try. */
const hashKey = (key: string): string => createHash("sha256").update(key).digest("hex");

export type LicenseStatus = "ACTIVE" | "EXPIRED" | "REVOKED" | "DISABLED";

/** At this moment; a demo license is disabled in production. */
export function licenseStatus(license: License, { clock, isProduction }: Services): LicenseStatus {
  if (license.isDemo && isProduction) return "DISABLED";
  if (license.revokedAt) return "REVOKED";
  return license.expiresAt <= clock.wall() ? "EXPIRED" : "ACTIVE";
}

const denials: Record<Exclude<LicenseStatus, "ACTIVE">, Denial> = {
  DISABLED: "UNAUTHENTICATED",
  REVOKED: "LICENSE_REVOKED",
  EXPIRED: "LICENSE_EXPIRED",
};

/** Why the license does not work at this moment; undefined when it does. */
export function licenseDenial(license: License, services: Services): Denial | undefined {
  const status = licenseStatus(license, services);
  return status === "ACTIVE" ? undefined : denials[status];
}

/** Who calls, or why nobody is let in. */
export type Recognized = Pick<Caller, "license" | "reach" | "grant"> | { denied: Denial };

/** Whose key this is; read anew for each request, so that what the operator changes counts from the next one on. */
export async function authenticate(services: Services, key: string | undefined): Promise<Recognized> {
  const license = key ? await services.storage.read.licenses.findByKeyHash(hashKey(key)) : undefined;
  if (!license) return { denied: "UNAUTHENTICATED" };
  const denied = licenseDenial(license, services);
  if (denied) return { denied };
  return { license, reach: { licenseId: license.id, meetingId: null } };
}

const newRow = (key: string, now: Date, terms: LicenseTerms) => ({
  id: newId() as LicenseId,
  keyHash: hashKey(key),
  keyHint: key.slice(-HINT_LENGTH),
  createdAt: now,
  updatedAt: now,
  generalSettings: {},
  ...terms,
});

/** The key is in this answer and nowhere else: only its hash is stored. */
export async function createLicense(
  { storage, clock }: Services,
  origin: Origin,
  terms: LicenseTerms,
): Promise<{ license: License; key: string }> {
  const key = formatKey(randomBytes(KEY_BYTES));
  const now = clock.now();
  return storage.transaction(async (tx) => {
    const license = await tx.licenses.insert(newRow(key, now, terms));
    await recordEvent({ tx, type: "license.created", origin, at: now, licenseId: license.id });
    return { license, key };
  });
}

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

const isRevokedByOperator = (license: License | undefined): boolean => license?.revokedBy === "OPERATOR";

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

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
export const oneYearFrom = (now: Date): Date => new Date(now.getTime() + YEAR_MS);

/**
 * The demo license, its key derived from the server's secret: every start shows the same key although the database
 * holds only its hash. Demo keys of an earlier secret stop working, until that secret is back.
 * @returns undefined when the operator revoked it, which is for good
 */
export async function ensureDemoLicense({ storage, clock }: Services, secret: Buffer): Promise<string | undefined> {
  const key = formatKey(secret);
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
