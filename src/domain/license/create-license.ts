import { randomBytes } from "node:crypto";
import { newId } from "../../ids.js";
import type { License, LicenseId } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { recordEvent } from "../events/events.js";
import type { Services } from "../services.js";
import { hashKey } from "./license.js";

export interface LicenseTerms {
  name: string;
  expiresAt: Date;
  /** null means unlimited; the same for the other two. */
  maxMeetings: number | null;
  maxRunning: number | null;
  maxAttendance: number | null;
  /** Runs its sessions; whichever of the pool has the least to do, where none is named. */
  engine?: string | null;
}

const KEY_BYTES = 32;
const HINT_LENGTH = 4;

export const formatKey = (bytes: Buffer): string => `vc_${bytes.toString("base64url")}`;

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
export const oneYearFrom = (now: Date): Date => new Date(now.getTime() + YEAR_MS);

export const newRow = (key: string, now: Date, terms: LicenseTerms) => ({
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
