import { v7 as newId } from "uuid";
import type { Queries } from "../../src/storage/index.js";

type Row<Table extends "meetings" | "sessions"> = Parameters<Queries[Table]["insert"]>[0];

interface Like {
  meeting: Row<"meetings">;
  session: Omit<Row<"sessions">, "status">;
}

const longAgo = new Date(1_000);
const before = new Date(2_000);
const limit = 500;

/** A call of each query that forgets, with rows of its own that are over; `everyQuery` is the list of all. */
export function everyForgetting(q: Queries, { meeting, session }: Like) {
  const { licenseId, createdAt: now } = meeting;
  const [meetingId, sessionId] = [newId(), newId()];
  const event = { licenseId, type: "t", door: "CLI", facts: {} } as const;
  return {
    listOver: async () => {
      await q.meetings.insert({ ...meeting, id: meetingId });
      await q.sessions.insert({ ...session, id: sessionId, meetingId, status: "STARTING" });
      await q.sessions.settleFailed(sessionId, "x", longAgo, "ENGINE");
      return (await q.forgetting.listOver(licenseId, before)).length;
    },
    sessions: () => q.forgetting.sessions(licenseId, before, limit),
    meetings: async () => {
      await q.meetings.markDeleted(licenseId, meetingId, longAgo);
      return q.forgetting.meetings(before, limit);
    },
    events: async () => {
      for (const occurredAt of [longAgo, now]) await q.events.append({ ...event, id: newId(), occurredAt });
      return q.forgetting.events(before, limit);
    },
    instances: () => q.forgetting.instances("self", new Date(0), limit),
  };
}
