import { accessTokenQueries } from "./access-tokens.js";
import { attendanceQueries } from "./attendances.js";
import { awaitedRecordingQueries } from "./awaited-recordings.js";
import type { QueryBase } from "../database.js";
import { engineQueries } from "./engines.js";
import { onTheWayQueries, sightingQueries } from "./elsewhere.js";
import { eventQueries } from "./events.js";
import { forgettingQueries } from "./forgetting.js";
import { homeQueries } from "./homes.js";
import { idempotencyQueries } from "./idempotency.js";
import { instanceQueries } from "./instances.js";
import { licenseQueries } from "./licenses.js";
import { meetingQueries } from "./meetings.js";
import { messageQueries } from "./messages.js";
import { noteQueries } from "./notes.js";
import { recordingQueries } from "./recordings.js";
import { recordingRunQueries } from "./recording-runs.js";
import { sessionQueries } from "./sessions.js";
import { stayQueries } from "./stays.js";
import { usageQueries } from "./days/usage.js";

/** Every query there is, on one connection. */
export const makeQueries = (base: QueryBase) => ({
  licenses: licenseQueries(base),
  meetings: meetingQueries(base),
  sessions: sessionQueries(base),
  attendances: attendanceQueries(base),
  stays: stayQueries(base),
  recordings: recordingQueries(base),
  awaitedRecordings: awaitedRecordingQueries(base),
  recordingRuns: recordingRunQueries(base),
  messages: messageQueries(base),
  notes: noteQueries(base),
  events: eventQueries(base),
  accessTokens: accessTokenQueries(base),
  idempotency: idempotencyQueries(base),
  instances: instanceQueries(base),
  homes: homeQueries(base),
  engines: engineQueries(base),
  onTheWay: onTheWayQueries(base),
  sightings: sightingQueries(base),
  usage: usageQueries(base),
  forgetting: forgettingQueries(base),
});

export type Queries = ReturnType<typeof makeQueries>;
