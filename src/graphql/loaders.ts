import DataLoader from "dataloader";
import { type LicenseTotals, licenseUsage } from "../domain/license/usage.js";
import { type AsEngineHas, asEnginesHave, type AtEngine } from "../domain/recording/temporary-urls.js";
import type { Services } from "../domain/services.js";
import type { AttendanceField, AttendanceFilter } from "../storage/queries/attendances.js";
import type {
  Attendance,
  Interval,
  License,
  Meeting,
  Message,
  Queries,
  Reach,
  Recording,
  RecordingRun,
  Session,
  ShownNotes,
  Stay,
} from "../storage/index.js";
import type { MessageField } from "../storage/queries/messages.js";
import type { PagedList, PageRequest } from "../storage/queries/lists/page.js";
import type { SessionField, SessionFilter } from "../storage/queries/sessions.js";
import type { StayField } from "../storage/queries/stays.js";

type One<Row> = DataLoader<string, Row | undefined>;
type Many<Row> = DataLoader<string, Row[]>;

/** The same page of many parents' lists, read in one statement, and likewise their lengths. */
interface Children<Row, Field extends string, Filter> {
  page(request: PageRequest<Field, Filter>): Many<Row>;
  count(filter: Filter | undefined): DataLoader<string, number>;
}

/** Made anew for each request: what it has loaded is good for one moment and one caller. */
export interface Loaders {
  /** The caller's own. */
  license(): Promise<License | undefined>;
  /** What that used in a period. */
  usage(period: Interval | null): () => Promise<LicenseTotals>;
  meeting: One<Meeting>;
  session: One<Session>;
  attendance: One<Attendance>;
  recording: One<Recording>;
  message: One<Message>;
  /** By their session. */
  notes: One<ShownNotes>;
  /** Also one that was deleted: an event tells of it. */
  anyRecording: One<Recording>;
  /** As their engines have them now; rejects where an engine does not tell. */
  atEngine: DataLoader<AtEngine, AsEngineHas | undefined, string>;
  openSession: One<Session>;
  recordings: Many<Recording>;
  recordingRuns: Many<RecordingRun>;
  openStay: One<Stay>;
  sessionsOf: Children<Session, SessionField, SessionFilter>;
  attendancesOf: Children<Attendance, AttendanceField, AttendanceFilter>;
  staysOf: Children<Stay, StayField, undefined>;
  messagesOf: Children<Message, MessageField, undefined>;
}

/** What could not be read is not read again for whoever asks once more: that it failed may have taken all its time. */
function kept<Value>(load: (keys: readonly string[]) => Promise<readonly Value[]>): DataLoader<string, Value> {
  return new DataLoader<string, Value>(async (keys) => {
    try {
      return await load(keys);
    } catch (error) {
      if (error instanceof Error) return keys.map(() => error);
      throw error;
    }
  });
}

function one<Row>(load: (ids: readonly string[]) => Promise<Row[]>, keyOf: (row: Row) => string): One<Row> {
  return kept(async (ids) => {
    const found = new Map((await load(ids)).map((row) => [keyOf(row), row]));
    return ids.map((id) => found.get(id));
  });
}

function once<Row>(load: () => Promise<Row>): () => Promise<Row> {
  let loaded: Promise<Row> | undefined;
  return () => (loaded ??= load());
}

function many<Row>(load: (ids: readonly string[]) => Promise<Row[]>, keyOf: (row: Row) => string): Many<Row> {
  return kept(async (ids) => {
    const rows = await load(ids);
    // Of a single parent each row is its own, also where the row does not say so.
    if (ids.length === 1) return [rows];
    const found = new Map<string, Row[]>(ids.map((id) => [id, []]));
    for (const row of rows) found.get(keyOf(row))?.push(row);
    return ids.map((id) => found.get(id) ?? []);
  });
}

/** One loader for each way of asking: the same field with the same arguments under many parents shares one. */
function perArgument<Argument, Loader>(make: (argument: Argument) => Loader): (argument: Argument) => Loader {
  const made = new Map<unknown, Loader>();
  return (argument) => {
    const known = made.get(argument);
    if (known) return known;
    const name = JSON.stringify(argument) ?? "";
    const loader = made.get(name) ?? make(argument);
    made.set(name, loader).set(argument, loader);
    return loader;
  };
}

type ListQueries<Row, Field extends string, Filter> = Pick<PagedList<Row, Field, Filter>, "pagesOf" | "countsOf">;

function children<Row, Field extends string, Filter>(
  reach: Reach,
  { pagesOf, countsOf }: ListQueries<Row, Field, Filter>,
  parentOf: (row: Row) => string,
): Children<Row, Field, Filter> {
  return {
    page: perArgument((request) => many((parents) => pagesOf(reach, parents, request), parentOf)),
    count: perArgument((filter) =>
      kept(async (parents) => {
        const counts = new Map((await countsOf(reach, parents, filter)).map(({ parent, rows }) => [parent, rows]));
        return parents.map((parent) => counts.get(parent) ?? 0);
      }),
    ),
  };
}

const idOf = (row: { id: string }): string => row.id;
const sessionOf = (row: { sessionId: string }): string => row.sessionId;
const attendanceOf = (row: { attendanceId: string }): string => row.attendanceId;
const meetingOf = (row: { meetingId: string }): string => row.meetingId;

type Maker<Loader> = (read: Queries, reach: Reach, services: Services) => Loader;

const makers: { [Name in keyof Loaders]: Maker<Loaders[Name]> } = {
  license: (read, reach) => once(() => read.licenses.find(reach.licenseId)),
  usage: (_read, reach, services) =>
    perArgument((period) => once(() => licenseUsage(services, reach.licenseId, period))),
  meeting: (read, reach) => one((ids) => read.meetings.findMany(reach, ids), idOf),
  session: (read, reach) => one((ids) => read.sessions.findMany(reach, ids), idOf),
  attendance: (read, reach) => one((ids) => read.attendances.findMany(reach, ids), idOf),
  recording: (read, reach) => one((ids) => read.recordings.findMany(reach, ids), idOf),
  anyRecording: (read, reach) => one((ids) => read.recordings.findAny(reach, ids), idOf),
  atEngine: (_read, _reach, services) =>
    new DataLoader((rows: readonly AtEngine[]) => asEnginesHave(services, rows), { cacheKeyFn: ({ id }) => id }),
  message: (read, reach) => one((ids) => read.messages.findMany(reach, ids), idOf),
  notes: (read, reach) => one((ids) => read.notes.findMany(reach, ids), sessionOf),
  openSession: (read, reach) => one((ids) => read.sessions.findOpenOfMeetings(reach, ids), meetingOf),
  recordings: (read, reach) => many((ids) => read.recordings.listOfSessions(reach, ids), sessionOf),
  recordingRuns: (read, reach) => many((ids) => read.recordingRuns.listOfSessions(reach, ids), sessionOf),
  openStay: (read) => one((ids) => read.stays.findOpenOfAttendances(ids), attendanceOf),
  sessionsOf: ({ sessions }, reach) =>
    children(reach, { pagesOf: sessions.listOfMeetings, countsOf: sessions.countOfMeetings }, meetingOf),
  attendancesOf: ({ attendances }, reach) =>
    children(reach, { pagesOf: attendances.listOfSessions, countsOf: attendances.countOfSessions }, sessionOf),
  messagesOf: ({ messages }, reach) =>
    children(reach, { pagesOf: messages.listOfSessions, countsOf: messages.countOfSessions }, sessionOf),
  staysOf: ({ stays }, reach) =>
    children(reach, { pagesOf: stays.listOfAttendances, countsOf: stays.countOfAttendances }, attendanceOf),
};

/** Each is made when it is asked for: most requests want one or two. */
class MadeLoaders {
  readonly made: Partial<Record<keyof Loaders, unknown>> = {};

  constructor(
    readonly read: Queries,
    readonly reach: Reach,
    readonly services: Services,
  ) {}
}

for (const [name, make] of Object.entries(makers) as [keyof Loaders, Maker<unknown>][]) {
  Object.defineProperty(MadeLoaders.prototype, name, {
    get(this: MadeLoaders) {
      return (this.made[name] ??= make(this.read, this.reach, this.services));
    },
  });
}

export const makeLoaders = (read: Queries, reach: Reach, services: Services): Loaders =>
  new MadeLoaders(read, reach, services) as unknown as Loaders;
