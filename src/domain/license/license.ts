import { hash as hashOf } from "node:crypto";
import type { License } from "../../storage/index.js";
import type { Services } from "../services.js";
import type { LetIn } from "./known-callers.js";

export type Denial =
  | "UNAUTHENTICATED"
  | "LICENSE_EXPIRED"
  | "LICENSE_REVOKED"
  | "TOKEN_INVALID"
  | "TOKEN_EXPIRED"
  | "TOKEN_REVOKED";

/** A key is 256 random bits, so a plain hash is enough: there is no dictionary to try. */
export const hashKey = (key: string): string => hashOf("sha256", key);

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
export type Recognized = LetIn | { denied: Denial };

/**
 * Whose key or token this is, where that is remembered and still lets in at this moment; else it must be read.
 * @param hash `hashKey` of a key; a token's is told apart
 */
export function recall(services: Services, hash: string): LetIn | undefined {
  const known = services.knownCallers.recall(hash);
  if (!known || licenseDenial(known.license, services)) return undefined;
  return known.until && known.until <= services.clock.wall() ? undefined : known;
}

/** Whose key this is, as it is now: what the operator changes counts from the next request on. */
export async function authenticate(services: Services, key: string | undefined): Promise<Recognized> {
  if (!key) return { denied: "UNAUTHENTICATED" };
  const hash = hashKey(key);
  return recall(services, hash) ?? services.knownCallers.read(hash, () => readCaller(services, hash));
}

async function readCaller(services: Services, keyHash: string): Promise<Recognized> {
  const license = await services.storage.read.licenses.findByKeyHash(keyHash);
  if (!license) return { denied: "UNAUTHENTICATED" };
  const denied = licenseDenial(license, services);
  if (denied) return { denied };
  return { license, reach: { licenseId: license.id, meetingId: null } };
}
