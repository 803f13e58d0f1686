import { accessTokenQueries } from "./access-tokens.js";
import { attendanceQueries } from "./attendances.js";
import type { Handle } from "./database.js";
import { eventQueries } from "./events.js";
import { idempotencyQueries } from "./idempotency.js";
import { instanceQueries } from "./instances.js";
import { licenseQueries } from "./licenses.js";
import { meetingQueries } from "./meetings.js";
import { recordingQueries } from "./recordings.js";
import { sessionQueries } from "./sessions.js";
import { stayQueries } from "./stays.js";
import { usageQueries } from "./usage.js";

/** Every query there is, on one connection. */
export const makeQueries = (db: Handle) => ({
  licenses: licenseQueries(db),
  meetings: meetingQueries(db),
  sessions: sessionQueries(db),
  attendances: attendanceQueries(db),
  stays: stayQueries(db),
  recordings: recordingQueries(db),
  events: eventQueries(db),
  accessTokens: accessTokenQueries(db),
  idempotency: idempotencyQueries(db),
  instances: instanceQueries(db),
  usage: usageQueries(db),
});

export type Queries = ReturnType<typeof makeQueries>;
