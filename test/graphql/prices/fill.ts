import { v7 as newId } from "uuid";
import { authenticate } from "../../../src/domain/license/license.js";
import type { Queries } from "../../../src/storage/index.js";
import type { Gateway } from "../../helpers/boot.js";
import { insertRecording } from "../../helpers/rows.js";
import type { Known } from "./corpus.js";

const MEETINGS = 100;
/** Of each parent, as many as the corpus asks for. */
const CHILDREN = 10;

type LicenseId = Parameters<Queries["licenses"]["find"]>[0];

async function insertMeeting(tx: Queries, licenseId: LicenseId, number: number) {
  const at = new Date(Date.UTC(2025, 0, 1, 0, number));
  const [meetingId, attendanceId] = [newId(), newId()];
  const title = `meeting ${number}`;
  const common = { licenseId, settings: {} };
  const welcomeText = "Welcome. ".repeat(40);
  await tx.meetings.insert({
    ...common,
    id: meetingId,
    title,
    titleKey: title,
    welcomeText,
    createdAt: at,
    updatedAt: at,
  });
  const sessionIds = Array.from({ length: CHILDREN }, () => newId());
  for (const [order, id] of sessionIds.entries()) {
    const endedAt = order === 0 ? null : at;
    const lasting = {
      status: endedAt ? "ENDED" : "RUNNING",
      startedAt: new Date(at.getTime() - order),
      endedAt,
    } as const;
    await tx.sessions.insert({ ...common, id, meetingId, title, moderatorName: "m", engine: "builtin", ...lasting });
    if (number === 0) continue;
    for (let person = 0; person < (order === 0 ? CHILDREN : 1); person += 1) {
      const personId = order + person === 0 ? attendanceId : newId();
      const named = { id: personId, licenseId, sessionId: id, fullName: "p", fullNameKey: "p" };
      await tx.attendances.enter({ ...named, joinedAt: at, role: "VIEWER" });
    }
  }
  const [sessionId = ""] = sessionIds;
  for (let stay = 0; stay < (number > 0 ? CHILDREN : 0); stay += 1) {
    const of = { id: newId(), attendanceId, sessionId };
    await tx.stays.insert({ ...of, joinedAt: new Date(at.getTime() + stay), leftAt: at, source: "RECOVERED" });
  }
  return { meetingId, sessionId };
}

/** Full pages of everything there is, and an id of each kind, as the corpus writes it. */
export async function fill(gateway: Gateway): Promise<Known> {
  const { services } = gateway.opened;
  const recognized = await authenticate(services, gateway.key);
  if ("denied" in recognized) throw new Error(recognized.denied);
  const { id: licenseId } = recognized.license;
  const made: { meetingId: string; sessionId: string }[] = [];
  await services.storage.transaction(async (tx) => {
    for (let number = 0; number < MEETINGS; number += 1) made.push(await insertMeeting(tx, licenseId, number));
  });
  const recordings = made.map(({ sessionId }) => insertRecording(gateway, sessionId));
  const { meetingId = "", sessionId = "" } = made.at(-1) ?? {};
  return {
    meeting: JSON.stringify(meetingId),
    session: JSON.stringify(sessionId),
    recording: JSON.stringify(recordings.at(-1)),
    node: JSON.stringify(meetingId),
    nodes: JSON.stringify(made.map((each) => each.meetingId)),
  };
}
