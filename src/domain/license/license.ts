import { createHash } from "node:crypto";
import type { License } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import type { Services } from "../services.js";

export type Denial =
  | "UNAUTHENTICATED"
  | "LICENSE_EXPIRED"
  | "LICENSE_REVOKED"
  | "TOKEN_INVALID"
  | "TOKEN_EXPIRED"
  | "TOKEN_REVOKED";

/** A key is 256 random bits, so a plain hash is enough: there is no dictionary to try. */
export const hashKey = (key: string): string => createHash("sha256").update(key).digest("hex");

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
