import { and, asc, eq, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import type { License, LicenseId, QueryBase, StoredSettings, Tables } from "../database.js";
import { given, givenColumns, many, mustChange, type One, one, run, shapes, wholeRow } from "./prepare.js";

export type NewLicense = Tables["licenses"]["$inferInsert"];
export type LicenseChange = Partial<
  Pick<
    License,
    "name" | "expiresAt" | "revokedAt" | "revokedBy" | "maxMeetings" | "maxRunning" | "maxAttendance" | "engine"
  >
>;

type Table = Tables["licenses"];

/** Meetings and running sessions are counted on the license's own row, so that a claim is one conditional update. */
function licenseCounters(base: QueryBase) {
  const { db } = base;
  const table = base.tables.licenses;
  const byId = eq(table.id, sql.placeholder("id"));
  const claim = (key: "meetingCount" | "runningCount", limit: Table["maxMeetings"] | Table["maxRunning"]) =>
    mustChange(base, () =>
      db
        .update(table)
        .set({ [key]: sql`${table[key]} + 1` })
        .where(and(byId, or(isNull(limit), lt(table[key], limit)))),
    );
  const release = (key: "meetingCount" | "runningCount") =>
    run(() =>
      db
        .update(table)
        .set({ [key]: sql`${table[key]} - 1` })
        .where(byId),
    );
  const claimMeeting = claim("meetingCount", table.maxMeetings);
  const claimRunning = claim("runningCount", table.maxRunning);
  const releaseMeeting = release("meetingCount");
  const releaseRunning = release("runningCount");

  return {
    /** Takes one of the license's meeting rooms. @param taken what the work is refused with when all are */
    claimMeeting: (id: LicenseId, taken: () => unknown): Promise<void> => claimMeeting({ id }, taken),
    releaseMeeting: (id: LicenseId): Promise<void> => releaseMeeting({ id }),
    /** Takes one of the sessions that may run at once. Likewise. */
    claimRunning: (id: LicenseId, taken: () => unknown): Promise<void> => claimRunning({ id }, taken),
    releaseRunning: (id: LicenseId): Promise<void> => releaseRunning({ id }),
  };
}

export function licenseQueries(base: QueryBase) {
  const { db, tables } = base;
  const table = tables.licenses;
  const byId = eq(table.id, sql.placeholder("id"));
  const row = wholeRow<NewLicense>(table);
  const findByKeyHash = one(() =>
    db
      .select()
      .from(table)
      .where(eq(table.keyHash, sql.placeholder("keyHash"))),
  );
  const find = one(() => db.select().from(table).where(byId));
  const ofSession = db
    .select({ id: tables.sessions.licenseId })
    .from(tables.sessions)
    .where(eq(tables.sessions.id, sql.placeholder("sessionId")));
  const findOfSession = one(() => db.select().from(table).where(eq(table.id, ofSession)));
  const list = many(() => db.select().from(table).orderBy(asc(table.createdAt), asc(table.id)));
  const insert = one(() => db.insert(table).values(row.placeholders).returning());
  const updates = shapes<One<License>>(50);
  const updateOf = (keys: (keyof LicenseChange)[]) =>
    one(() =>
      db
        .update(table)
        .set(givenColumns<LicenseChange & { updatedAt: Date }>(table, [...keys, "updatedAt"]))
        .where(byId)
        .returning(),
    );
  const at = (column: Table["revokedAt"] | Table["updatedAt"]): SQL => given("at", column);
  const revoke = one(() =>
    db
      .update(table)
      .set({
        revokedAt: sql`coalesce(${table.revokedAt}, ${at(table.revokedAt)})`,
        revokedBy: "OPERATOR",
        updatedAt: at(table.updatedAt),
      })
      .where(byId)
      .returning(),
  );
  const revokeOtherDemos = run(() =>
    db
      .update(table)
      .set({ revokedAt: at(table.revokedAt), revokedBy: "NEW_SECRET", updatedAt: at(table.updatedAt) })
      .where(and(eq(table.isDemo, true), ne(table.keyHash, sql.placeholder("keep")), isNull(table.revokedAt))),
  );
  const setGeneralSettings = run(() =>
    db
      .update(table)
      .set(givenColumns<Pick<License, "generalSettings" | "updatedAt">>(table, ["generalSettings", "updatedAt"]))
      .where(byId),
  );

  return {
    ...licenseCounters(base),
    findByKeyHash: (keyHash: string): Promise<License | undefined> => findByKeyHash({ keyHash }),
    find: (id: LicenseId): Promise<License | undefined> => find({ id }),
    /** Whose session it is. */
    findOfSession: (sessionId: string): Promise<License | undefined> => findOfSession({ sessionId }),
    list: (): Promise<License[]> => list(),
    insert: async (license: NewLicense): Promise<License> => (await insert(row.valuesOf(license))) as License,
    /** Writes what `change` names and leaves the rest as it is. */
    update: (id: LicenseId, change: LicenseChange, updatedAt: Date): Promise<License | undefined> => {
      const keys = (Object.keys(change) as (keyof LicenseChange)[]).filter((key) => change[key] !== undefined);
      return updates(keys.toSorted().join(), () => updateOf(keys))({ ...change, updatedAt, id });
    },
    /** For good. Keeps the first instant when it is repeated. */
    revoke: (id: LicenseId, instant: Date): Promise<License | undefined> => revoke({ id, at: instant }),
    /** Demo keys of an earlier secret stop working. */
    revokeOtherDemos: (keep: string, instant: Date): Promise<void> => revokeOtherDemos({ keep, at: instant }),
    setGeneralSettings: (id: LicenseId, generalSettings: StoredSettings, updatedAt: Date): Promise<void> =>
      setGeneralSettings({ id, generalSettings, updatedAt }),
  };
}
