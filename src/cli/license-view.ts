import { licenseStatus } from "../domain/license/license.js";
import type { Services } from "../domain/services.js";
import type { License } from "../storage/index.js";
import { details, table } from "./output.js";

/** What may be seen of a license: its key's hash is not in it. */
export const licenseView = (license: License, services: Services) => ({
  id: license.id,
  name: license.name,
  keyHint: license.keyHint,
  status: licenseStatus(license, services).toLowerCase(),
  createdAt: license.createdAt,
  expiresAt: license.expiresAt,
  revokedAt: license.revokedAt,
  maxMeetings: license.maxMeetings,
  maxRunning: license.maxRunning,
  maxAttendance: license.maxAttendance,
  engine: license.engine,
  meetings: license.meetingCount,
  running: license.runningCount,
});

export type LicenseView = ReturnType<typeof licenseView>;

const ANY_ENGINE = "any";
const limitText = (limit: number | null): string => (limit === null ? "unlimited" : String(limit));
const useText = (used: number, limit: number | null): string => `${used}/${limitText(limit)}`;

export const licenseDetails = (license: LicenseView, key?: string): string =>
  details([
    ["ID", license.id],
    ["Name", license.name],
    ["Key", key ?? `…${license.keyHint}`],
    ["Status", license.status],
    ["Expires", license.expiresAt.toISOString()],
    ["Max meetings", limitText(license.maxMeetings)],
    ["Max running", limitText(license.maxRunning)],
    ["Max attendance", limitText(license.maxAttendance)],
    ["Engine", license.engine ?? ANY_ENGINE],
  ]);

export const licenseTable = (licenses: LicenseView[]): string =>
  table(
    ["ID", "KEY", "STATUS", "EXPIRES", "MEETINGS", "RUNNING", "ATTENDANCE", "ENGINE", "NAME"],
    licenses.map((license) => [
      license.id,
      `…${license.keyHint}`,
      license.status,
      license.expiresAt.toISOString(),
      useText(license.meetings, license.maxMeetings),
      useText(license.running, license.maxRunning),
      limitText(license.maxAttendance),
      license.engine ?? ANY_ENGINE,
      license.name,
    ]),
  );
