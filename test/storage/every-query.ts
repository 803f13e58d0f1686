import { v7 as newId } from "uuid";
import type { LicenseId, Queries, Session } from "../../src/storage/index.js";
import { everyForgetting } from "./every-forgetting.js";
import { everyAwaited, everyRun } from "./every-recording.js";
import { type Every, everyQueryOfServers } from "./every-query-of-servers.js";

const at = new Date("2026-01-02T03:04:05.678Z");

/** Rows that hang under one another; written by the calls below, in their order. */
const newIds = () => ({
  licenseId: newId() as LicenseId,
  meetingId: newId(),
  sessionId: newId(),
  attendanceId: newId(),
  stayId: newId(),
  eventId: newId(),
  tokenId: newId(),
  instanceId: newId(),
  key: newId(),
});

const page = { direction: "DESC", limit: 3, after: { value: at.getTime(), id: "x" } } as const;
const named = { ...page, after: { value: "x", id: "x" } };
const people = { ...named, field: "FULL_NAME", filter: { fullNameKeyContains: "f", isPresent: true } } as const;
const createdAt = { from: new Date(0), until: at };

/**
 * A call of each query there is, by its name: one that is not here does not compile. The rows it writes are its own,
 * so it may be asked for again on the same database.
 * @param many ids and names in each list
 */
function everyQuery(q: Queries, many: number): Every {
  const ids = newIds();
  const { licenseId, meetingId, sessionId, attendanceId, stayId, eventId, tokenId, instanceId, key } = ids;
  const taken = () => new Error("taken");
  const list = (first: string) => [first, ...Array.from({ length: many - 1 }, () => newId())];
  const reach = { licenseId, meetingId: null };
  const meeting = { id: meetingId, licenseId, titleKey: "t", settings: { x: true }, createdAt: at, updatedAt: at };
  const session = { id: sessionId, licenseId, meetingId, settings: {}, moderatorName: "m", startedAt: at, engine: "e" };
  const license = { id: licenseId, name: "n", keyHash: key, keyHint: "h", expiresAt: at, createdAt: at, updatedAt: at };
  const attendance = { id: attendanceId, licenseId, sessionId, fullName: "f", fullNameKey: "f", joinedAt: at };
  const ofSession = { id: newId(), licenseId, sessionId };
  const recording = { ...ofSession, engine: "e", engineRecordingId: key, status: "READY" } as const;
  return {
    licenses: {
      insert: () => q.licenses.insert({ ...license, generalSettings: {} }),
      claimMeeting: () => q.licenses.claimMeeting(licenseId, taken),
      releaseMeeting: () => q.licenses.releaseMeeting(licenseId),
      claimRunning: () => q.licenses.claimRunning(licenseId, taken),
      releaseRunning: () => q.licenses.releaseRunning(licenseId),
      findByKeyHash: () => q.licenses.findByKeyHash(key),
      find: () => q.licenses.find(licenseId),
      findOfSession: () => q.licenses.findOfSession(sessionId),
      list: () => q.licenses.list(),
      update: () => q.licenses.update(licenseId, { name: "other", maxMeetings: null, expiresAt: at }, at),
      revoke: () => q.licenses.revoke(licenseId, at),
      revokeOtherDemos: () => q.licenses.revokeOtherDemos("keep", at),
      setGeneralSettings: () => q.licenses.setGeneralSettings(licenseId, { x: false }, at),
    },
    meetings: {
      insert: () => q.meetings.insert(meeting),
      find: () => q.meetings.find(reach, meetingId),
      findShown: async () => [
        await q.meetings.findShown(reach, meetingId, []),
        await q.meetings.findShown(reach, meetingId, ["createdAt", "isRunning", "settings", "title"]),
      ],
      findMany: () => q.meetings.findMany(reach, list(meetingId)),
      findAny: () => q.meetings.findAny({ licenseId, meetingId }, meetingId),
      list: async () => {
        const filter = { createdAt, isRunning: false, settingsEnabled: list("x"), titleKeyContains: "t%_" };
        await q.meetings.list(reach, { ...page, field: "CREATED_AT" });
        return q.meetings.list(reach, { ...named, field: "TITLE", fromEnd: true, filter });
      },
      skip: () => q.meetings.skip(reach, { ...page, field: "CREATED_AT", filter: { createdAt } }, 2),
      count: () => q.meetings.count(reach, { isRunning: true }),
      update: () => q.meetings.update(licenseId, meetingId, { title: null, settings: {} }, at),
      markDeleted: () => q.meetings.markDeleted(licenseId, newId(), at),
    },
    sessions: {
      insert: () => q.sessions.insert({ ...session, status: "STARTING" }),
      find: () => q.sessions.find(reach, sessionId),
      findShown: () => q.sessions.findShown(reach, sessionId, ["endedAt", "status"]),
      findMany: () => q.sessions.findMany(reach, list(sessionId)),
      findAnyones: () => q.sessions.findAnyones(sessionId),
      lock: () => q.sessions.lock(sessionId),
      findOpen: () => q.sessions.findOpen(reach, meetingId),
      findOpenOfMeetings: () => q.sessions.findOpenOfMeetings(reach, list(meetingId)),
      list: () => q.sessions.list(reach, { ...page, field: "ENDED_AT", filter: { status: ["RUNNING", "ENDED"] } }),
      skip: () => q.sessions.skip(reach, { ...page, field: "ENDED_AT" }, 2),
      count: () => q.sessions.count(reach, { startedAt: createdAt }),
      listOfMeetings: () => q.sessions.listOfMeetings(reach, list(meetingId), { ...page, field: "STARTED_AT" }),
      countOfMeetings: () => q.sessions.countOfMeetings(reach, list(meetingId)),
      listOpen: () => q.sessions.listOpen(),
      listOpenAfter: () => q.sessions.listOpenAfter("", 3),
      listOverElsewhere: () => q.sessions.listOverElsewhere("e", at, 3),
      findRoom: () => q.sessions.findRoom("e", "r"),
      listEnded: () => q.sessions.listEnded(list(sessionId)),
      settleFailed: () => q.sessions.settleFailed(newId(), "x", at, "ENGINE"),
      settleRunning: async () => {
        const starting = (await q.sessions.lock(sessionId)) as Session;
        return q.sessions.settleRunning(starting, { emptySince: at, engineRoomId: null }, taken);
      },
      setSettings: () => q.sessions.setSettings(sessionId, { x: true }),
      noteEmpty: () => q.sessions.noteEmpty(sessionId, at),
      notePresent: () => q.sessions.notePresent(sessionId, 3),
      claimEmptyEnd: () => q.sessions.claimEmptyEnd(sessionId, at),
      claimEnd: () => q.sessions.claimEnd(sessionId),
      unclaimEnd: () => q.sessions.unclaimEnd(sessionId),
      settleEnded: async () => {
        const other = await q.meetings.insert({ ...meeting, id: newId() });
        const over = { ...session, id: newId(), meetingId: other.id, status: "ENDING" } as const;
        return q.sessions.settleEnded(await q.sessions.insert(over), at, "API");
      },
    },
    attendances: {
      enter: () => q.attendances.enter({ ...attendance, role: "VIEWER" }),
      find: () => q.attendances.find(attendanceId),
      findMany: () => q.attendances.findMany(reach, list(attendanceId)),
      countOthersInside: () => q.attendances.countOthersInside(sessionId, "x"),
      lastLeaving: () => q.attendances.lastLeaving(sessionId),
      listNamed: () => q.attendances.listNamed(sessionId, "f"),
      listInside: () => q.attendances.listInside(sessionId),
      listOfSessions: () => q.attendances.listOfSessions(reach, list(sessionId), people),
      countOfSessions: () => q.attendances.countOfSessions(reach, list(sessionId)),
      leave: () => q.attendances.leave(attendanceId, at, 5),
      settle: () => q.attendances.settle({ ...attendance, role: "VIEWER", leftAt: at, seconds: 5 }),
      setRole: () => q.attendances.setRole(attendanceId, "MODERATOR"),
      remove: () => q.attendances.remove(attendanceId, at),
    },
    notes: {
      keep: () => q.notes.keep({ licenseId, sessionId, document: "AAA=", text: "t", updatedAt: at }),
      document: () => q.notes.document(sessionId),
      findMany: () => q.notes.findMany(reach, list(sessionId)),
    },
    recordingRuns: everyRun(q, { id: key, licenseId, sessionId, attendanceId, startedAt: at }),
    messages: {
      insert: () => q.messages.insert({ id: key, licenseId, sessionId, attendanceId, body: "b", sentAt: at }),
      latest: () => q.messages.latest(sessionId, 3),
      findMany: () => q.messages.findMany(reach, list(key)),
      listOfSessions: () => q.messages.listOfSessions(reach, list(sessionId), { ...page, field: "SENT_AT" }),
      countOfSessions: () => q.messages.countOfSessions(reach, list(sessionId)),
    },
    stays: {
      insert: () => q.stays.insert({ id: stayId, attendanceId, sessionId, joinedAt: at, source: "LIVE", instanceId }),
      findOpen: () => q.stays.findOpen(attendanceId),
      findOpenOfAttendances: () => q.stays.findOpenOfAttendances(list(attendanceId)),
      listOfAttendances: () => q.stays.listOfAttendances(reach, list(attendanceId), { ...page, field: "JOINED_AT" }),
      countOfAttendances: () => q.stays.countOfAttendances(reach, list(attendanceId)),
      listOpenOfSession: () => q.stays.listOpenOfSession(sessionId),
      listOpenOfLost: () => q.stays.listOpenOfLost("other", 0, 3),
      hasOpenOf: () => q.stays.hasOpenOf(instanceId),
      carryOn: () => q.stays.carryOn(stayId, { instanceId: "other", engineUserId: null }),
      close: () => q.stays.close(stayId, at, "LIVE"),
      listCounting: () => q.stays.listCounting(attendanceId),
      correct: () => q.stays.correct(stayId, { leftAt: at, source: "POLL", engineUserId: "w" }),
      supersede: () => q.stays.supersede(stayId, at),
    },
    recordings: {
      note: () => q.recordings.note({ ...recording, isPublished: true, createdAt: at, updatedAt: at }),
      find: () => q.recordings.find(reach, "r"),
      findMany: () => q.recordings.findMany(reach, list("r")),
      list: () => {
        const filter = { createdAt, isPublished: true, meetingId, status: ["READY"] } as const;
        return q.recordings.list(reach, { ...page, field: "CREATED_AT", filter });
      },
      skip: () => q.recordings.skip(reach, { ...page, field: "CREATED_AT", upTo: page.after }, 2),
      count: () => q.recordings.count(reach),
      listOfSessions: () => q.recordings.listOfSessions(reach, list(sessionId)),
      findAny: () => q.recordings.findAny(reach, list("r")),
      listBefore: () => q.recordings.listBefore(licenseId, { engine: "e", before: at, limit: 3 }),
      listOfEngine: () => q.recordings.listOfEngine("e", list(key)),
      publish: () => q.recordings.publish(recording.id, false, at),
      markDeleted: () => q.recordings.markDeleted(newId(), at),
    },
    awaitedRecordings: everyAwaited(q, sessionId),
    events: {
      append: () =>
        q.events.append({ id: eventId, licenseId, type: "t", occurredAt: at, door: "CLI", facts: { n: 1 }, meetingId }),
      marksAfter: () => q.events.marksAfter(0, 5),
      listBetween: () =>
        q.events.listBetween({ after: 0, until: 5, licenseIds: list(licenseId) as LicenseId[], types: ["t"] }),
      latestSeq: () => q.events.latestSeq(),
      seqOf: () => q.events.seqOf(reach, eventId),
      stepAfter: async () => {
        await q.events.stepAfter(reach, { after: 0, types: list("t"), meetingId: null, limit: 5 });
        return q.events.stepAfter(reach, { after: 0, types: list("t"), meetingId, limit: 5 });
      },
    },
    accessTokens: {
      insert: () => q.accessTokens.insert({ id: tokenId, licenseId, scopes: ["s"], createdAt: at, expiresAt: at }),
      find: () => q.accessTokens.find(tokenId),
      revoke: () => q.accessTokens.revoke(licenseId, tokenId, at),
      forget: () => q.accessTokens.forget(new Date(0), 3),
    },
    forgetting: everyForgetting(q, { meeting, session }),
    idempotency: {
      put: async () => {
        const call = { licenseId, key, operation: "START_MEETING", createdAt: at, expiresAt: at } as const;
        await q.idempotency.put({ ...call, inputHash: "h", isNew: true });
        return q.idempotency.put({ ...call, inputHash: "again" });
      },
      find: () => q.idempotency.find(licenseId, key),
      forget: () => q.idempotency.forget(new Date(0), 3),
    },
    ...everyQueryOfServers(q, { instanceId, sessionId, list }),
    engines: {
      insert: async () => {
        const engine = { name: key, kind: "k", options: { url: "u" }, sealedSecrets: "s", weight: 1, drainingAt: at };
        const stored = { ...engine, createdAt: at, updatedAt: at };
        return [await q.engines.insert(stored), await q.engines.insert(stored)];
      },
      list: () => q.engines.list(),
      find: () => q.engines.find(key),
      update: async () => [
        await q.engines.update(key, { weight: 3, drainingAt: null }, at),
        await q.engines.update(key, { options: { url: "v" }, sealedSecrets: null }, at),
      ],
      listRoomsAfter: () => q.engines.listRoomsAfter("", 3),
      countOpen: () => q.engines.countOpen("e"),
      listLicenses: () => q.engines.listLicenses(key),
      remove: async () => [await q.engines.remove(key), await q.engines.remove(key)],
    },
    onTheWay: {
      send: () => q.onTheWay.send({ personId: "p", sessionId, fullName: "f", role: "VIEWER", countsUntil: at }),
      countOthers: () => q.onTheWay.countOthers(sessionId, "x", at),
      listOfSession: () => q.onTheWay.listOfSession(sessionId),
      arrived: () => q.onTheWay.arrived("p"),
      forget: () => q.onTheWay.forget(new Date(0), 3),
    },
    sightings: {
      note: () => q.sightings.note({ sessionId, personId: "p", line: "w", at, isInside: true, source: "WEBHOOK" }),
      listOfPerson: () => q.sightings.listOfPerson(sessionId, "p"),
      forget: () => q.sightings.forget(new Date(0), 3),
    },
    usage: {
      total: () => q.usage.total(licenseId, { from: new Date(0), until: at }, at),
    },
  };
}

/** All of them, one after the other. */
export async function askEverything(q: Queries, many: number): Promise<Record<string, Record<string, unknown>>> {
  const answers: Record<string, Record<string, unknown>> = {};
  for (const [group, calls] of Object.entries(everyQuery(q, many))) {
    for (const [name, call] of Object.entries(calls)) (answers[group] ??= {})[name] = await call();
  }
  return answers;
}
