import { createHash } from "node:crypto";
import { v7 as newId } from "uuid";
import { openStorage, sortKey } from "#gateway/storage/index.js";
import type { LicenseId, Queries } from "#gateway/storage/index.js";
import { settingList } from "#gateway/domain/settings.js";

/** What requests are made of: keys of licenses, and ids of what they have. */
export interface Seeded {
  /** A license with so many meetings. */
  keys: Record<10 | 100 | 1000, string>;
  /** A license that only ever gets more meetings. */
  makerKey: string;
  /** One of the license with 100 meetings. */
  meetingId: string;
  /** Its 20 meetings have sessions, and these attendance; so have a meeting's 100 sessions and a session's 1,000 people. */
  busyKey: string;
  longMeetingId: string;
  fullSessionId: string;
  /** Meetings of the license with many, none of which runs; and some that do. */
  starterKey: string;
  idleIds: string[];
  runningIds: string[];
  /** A viewer's, by the running meeting's id; none where it has none. */
  passwords: Record<string, string>;
}

const RUNNING = 50;
const NESTED = 20;
const BUSY_SESSIONS = 3;
const BUSY_PEOPLE = 3;
const LONG = 100;
const FULL = 1_000;

const BEGIN = Date.UTC(2025, 0, 1);
const at = (minute: number): Date => new Date(BEGIN + minute * 60_000);

const settings = Object.fromEntries(settingList.map(({ name }, index) => [name, index % 3 === 0]));

async function insertLicense(tx: Queries, name: string): Promise<{ licenseId: LicenseId; key: string }> {
  const key = `vc_bench-${name}`;
  const { id } = await tx.licenses.insert({
    id: newId() as LicenseId,
    name,
    keyHash: createHash("sha256").update(key).digest("hex"),
    keyHint: key.slice(-4),
    createdAt: at(0),
    updatedAt: at(0),
    expiresAt: new Date("2099-01-01"),
    generalSettings: {},
    maxMeetings: null,
    maxRunning: null,
    maxAttendance: null,
  });
  return { licenseId: id, key };
}

const taken = () => new Error("a license without limits has no place");

async function insertMeeting(tx: Queries, licenseId: LicenseId, number: number): Promise<string> {
  const title = number % 10 === 9 ? null : number % 2 ? `Weekly lesson ${number}` : `درس الأسبوع ${number}`;
  await tx.licenses.claimMeeting(licenseId, taken);
  const { id } = await tx.meetings.insert({
    id: newId(),
    licenseId,
    title,
    titleKey: sortKey(title),
    moderatorPassword: number % 3 ? `pass-${number}` : null,
    welcomeText: number % 4 ? "Welcome! Please keep your microphone off until you are asked." : null,
    settings,
    createdAt: at(number),
    updatedAt: at(number),
  });
  return id;
}

async function insertSession(
  tx: Queries,
  of: { licenseId: LicenseId; meetingId: string },
  number: number,
  runs = false,
) {
  const id = newId();
  if (runs) await tx.licenses.claimRunning(of.licenseId, taken);
  await tx.sessions.insert({
    ...of,
    id,
    status: runs ? "RUNNING" : number % 10 === 9 ? "FAILED" : "ENDED",
    title: number % 2 ? `Session ${number}` : null,
    attendeePassword: number % 3 === 0 ? `in-${number}` : null,
    moderatorName: "Mona",
    settings,
    startedAt: at(number),
    endedAt: runs ? null : at(number + 45),
    endCause: runs ? null : "API",
    engine: "builtin",
  });
  return id;
}

async function insertPeople(tx: Queries, licenseId: LicenseId, sessionId: string, people: number): Promise<void> {
  for (let number = 0; number < people; number += 1) {
    const fullName = number % 2 ? `Guest ${number}` : `ضيف ${number}`;
    const of = { id: newId(), licenseId, sessionId, fullName, fullNameKey: sortKey(fullName) };
    await tx.attendances.enter({ ...of, role: "VIEWER", joinedAt: at(number), leftAt: at(number + 30), seconds: 1800 });
  }
}

async function insertLists(tx: Queries): Promise<Pick<Seeded, "keys" | "meetingId">> {
  const keys = { 10: "", 100: "", 1000: "" };
  let meetingId = "";
  for (const size of [10, 100, 1000] as const) {
    const { licenseId, key } = await insertLicense(tx, `list-${size}`);
    keys[size] = key;
    for (let number = 0; number < size; number += 1) {
      const id = await insertMeeting(tx, licenseId, number);
      if (number % 20 === 7) await insertSession(tx, { licenseId, meetingId: id }, number, true);
      if (size === 100 && number === 50) meetingId = id;
    }
  }
  return { keys, meetingId };
}

async function insertBusy(tx: Queries): Promise<Pick<Seeded, "busyKey" | "longMeetingId" | "fullSessionId">> {
  const { licenseId, key: busyKey } = await insertLicense(tx, "busy");
  for (let number = 0; number < NESTED; number += 1) {
    const meetingId = await insertMeeting(tx, licenseId, number + 2);
    for (let session = 0; session < BUSY_SESSIONS; session += 1) {
      await insertPeople(tx, licenseId, await insertSession(tx, { licenseId, meetingId }, session), BUSY_PEOPLE);
    }
  }
  const longMeetingId = await insertMeeting(tx, licenseId, 0);
  for (let session = 0; session < LONG; session += 1)
    await insertSession(tx, { licenseId, meetingId: longMeetingId }, session);
  const fullMeetingId = await insertMeeting(tx, licenseId, 1);
  const fullSessionId = await insertSession(tx, { licenseId, meetingId: fullMeetingId }, 0);
  await insertPeople(tx, licenseId, fullSessionId, FULL);
  return { busyKey, longMeetingId, fullSessionId };
}

async function insertStarters(
  tx: Queries,
  idle: number,
): Promise<Pick<Seeded, "makerKey" | "starterKey" | "idleIds" | "runningIds" | "passwords">> {
  const { key: makerKey } = await insertLicense(tx, "maker");
  const { licenseId, key: starterKey } = await insertLicense(tx, "starter");
  const idleIds: string[] = [];
  const runningIds: string[] = [];
  const passwords: Record<string, string> = {};
  // Every third has no moderator's password: neither a start nor a join has to know one.
  for (let number = 0; number < idle; number += 1) idleIds.push(await insertMeeting(tx, licenseId, number * 3));
  for (let number = 0; number < RUNNING; number += 1) {
    const meetingId = await insertMeeting(tx, licenseId, number * 3);
    await insertSession(tx, { licenseId, meetingId }, number * 3, true);
    runningIds.push(meetingId);
    passwords[meetingId] = `in-${number * 3}`;
  }
  return { makerKey, starterKey, idleIds, runningIds, passwords };
}

/**
 * Makes the database that every server gets a copy of.
 * @param idle so many meetings there are to be started
 */
export async function seedDatabase(file: string, idle: number): Promise<Seeded> {
  const storage = openStorage({ path: file, exclusive: true, busyMs: 1_000 });
  const seeded = await storage.transaction(async (tx) => ({
    ...(await insertLists(tx)),
    ...(await insertBusy(tx)),
    ...(await insertStarters(tx, idle)),
  }));
  await storage.close();
  return seeded;
}
