import { type LicenseId, type Queries, type Reach, sortKey } from "../../src/storage/index.js";
import type { PageRequest } from "../../src/storage/queries/lists/page.js";
import { isUnbounded } from "../../src/storage/queries/lists/unbounded.js";

const at = Date.UTC(2024, 5, 6, 7);
const position = { value: at, id: "x" };
const interval = { from: new Date(at), until: new Date(at + 1) };

/** Each choice of one value for every entry there may be; undefined leaves an entry out. */
function combined<T extends object>(choices: { [Key in keyof T]-?: readonly T[Key][] }): T[] {
  return (Object.entries(choices) as [keyof T, readonly T[keyof T][]][]).reduce<T[]>(
    (made, [name, values]) =>
      made.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [name]: value }))),
    [{} as T],
  );
}

const orders = <Field extends string>(...fields: Field[]) =>
  combined<Omit<PageRequest<Field>, "limit" | "filter">>({
    field: fields,
    direction: ["ASC", "DESC"],
    after: [undefined, position],
    before: [undefined, position],
    fromEnd: [undefined, true],
    // Where a step ends that looks for what no index finds; it begins at a position, or at the list's own end.
    upTo: [undefined, position],
    // Neither which columns are read nor whether a position's own row is among them changes how rows are found.
    inclusive: [undefined],
    names: [undefined],
    isBare: [undefined],
  })
    .filter(({ before, upTo }) => !before || !upTo)
    .map((order) => ({ ...order, limit: 3 }));

const meetingFilters = combined<NonNullable<Parameters<Queries["meetings"]["count"]>[1]>>({
  createdAt: [undefined, interval],
  isRunning: [undefined, true, false],
  settingsEnabled: [undefined, ["record"]],
  titleKeyContains: [undefined, sortKey("Zebra")],
});
const sessionFilters = combined<NonNullable<Parameters<Queries["sessions"]["count"]>[1]>>({
  startedAt: [undefined, interval],
  status: [undefined, ["RUNNING"], ["FAILED"], ["ENDED"], ["ENDED", "FAILED"], ["FAILED", "RUNNING"]],
});
const recordingFilters = combined<NonNullable<Parameters<Queries["recordings"]["count"]>[1]>>({
  createdAt: [undefined, interval],
  isPublished: [undefined, true],
  meetingId: [undefined, "m"],
  status: [undefined, ["READY"]],
});
const attendanceFilters = combined<NonNullable<Parameters<Queries["attendances"]["countOfSessions"]>[2]>>({
  fullNameKeyContains: [undefined, "x"],
  isPresent: [undefined, true, false],
  role: [undefined, ["VIEWER"]],
});

type Call = () => Promise<unknown>;

function ofReach(q: Queries, reach: Reach): Call[] {
  const calls: Call[] = [];
  for (const filter of meetingFilters) {
    if (!isUnbounded("meetings", reach, { filter })) calls.push(() => q.meetings.count(reach, filter));
    for (const page of orders("CREATED_AT", "UPDATED_AT", "TITLE")) {
      if (isUnbounded("meetings", reach, { field: page.field, filter })) continue;
      calls.push(() => q.meetings.list(reach, { ...page, filter }));
    }
  }
  for (const filter of sessionFilters) {
    if (!isUnbounded("sessions", reach, { filter })) calls.push(() => q.sessions.count(reach, filter));
    for (const page of orders("STARTED_AT", "ENDED_AT")) {
      if (isUnbounded("sessions", reach, { field: page.field, filter })) continue;
      calls.push(() => q.sessions.list(reach, { ...page, filter }));
    }
  }
  for (const filter of recordingFilters) {
    if (isUnbounded("recordings", reach, { filter })) continue;
    calls.push(() => q.recordings.count(reach, filter));
    for (const page of orders("CREATED_AT")) calls.push(() => q.recordings.list(reach, { ...page, filter }));
  }
  return calls;
}

function underParents(q: Queries, reach: Reach, parents: string[]): Call[] {
  const calls: Call[] = [];
  for (const filter of sessionFilters) {
    calls.push(() => q.sessions.countOfMeetings(reach, parents, filter));
    for (const page of orders("STARTED_AT", "ENDED_AT")) {
      calls.push(() => q.sessions.listOfMeetings(reach, parents, { ...page, filter }));
    }
  }
  for (const filter of attendanceFilters) {
    calls.push(() => q.attendances.countOfSessions(reach, parents, filter));
    for (const page of orders("JOINED_AT", "FULL_NAME")) {
      calls.push(() => q.attendances.listOfSessions(reach, parents, { ...page, filter }));
    }
  }
  calls.push(() => q.stays.countOfAttendances(reach, parents));
  for (const page of orders("JOINED_AT")) calls.push(() => q.stays.listOfAttendances(reach, parents, page));
  calls.push(() => q.messages.countOfSessions(reach, parents));
  for (const page of orders("SENT_AT")) calls.push(() => q.messages.listOfSessions(reach, parents, page));
  return calls;
}

/** Every page and every count of every list, each order, each kind of filter and each caller, but what is unbounded. */
export async function askEveryList(q: Queries): Promise<void> {
  const licenseId = "growth-0" as LicenseId;
  for (const reach of [
    { licenseId, meetingId: null },
    { licenseId, meetingId: "m" },
  ]) {
    for (const call of ofReach(q, reach)) await call();
    for (const parents of [["p"], ["p", "q"]]) for (const call of underParents(q, reach, parents)) await call();
  }
}
