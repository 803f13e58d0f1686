import mercurius, { type IResolvers } from "mercurius";
import { idOf, type TextName, texts } from "../texts.js";
import { app, db, env, type Licensed } from "./raw.js";

/*
 * GraphQL as a careful engineer would write it by hand who wants it fast and needs no more than the bench asks: Mercurius
 * with JIT, prepared statements, no layer between, the license check and the log of `raw`. What it leaves out: all other
 * fields and lists, other orders and filters, positions to read on from, scopes, costs and limits, errors of ours.
 */

const schema = `
  type Query { meeting(id: ID!): Meeting meetings(first: Int = 20): Meetings }
  type Meetings { nodes: [Meeting!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Meeting {
    id: ID! title: String isRunning: Boolean! welcomeText: String createdAt: String! settings: Settings!
    sessions(first: Int = 20): Sessions
  }
  type Settings { record: Boolean! lockSettingsDisableMic: Boolean! }
  type Sessions { nodes: [Session!]! }
  type Session {
    id: ID! title: String startedAt: String! endedAt: String status: String! attendances(first: Int = 20): Attendances
  }
  type Attendances { nodes: [Attendance!]! }
  type Attendance { id: ID! fullName: String! joinedAt: String! }`;

interface Row {
  id: string;
  created_at: number;
  settings: string;
}

const columns = `id, title, welcome_text AS welcomeText, created_at, settings,
  EXISTS (SELECT 1 FROM sessions WHERE meeting_id = meetings.id AND ended_at IS NULL) AS isRunning`;
const meetingById = db.prepare<[string, string], Row>(
  `SELECT ${columns} FROM meetings WHERE id = ? AND license_id = ? AND deleted_at IS NULL`,
);
const meetings = db.prepare<[string, number], Row>(
  `SELECT ${columns} FROM meetings WHERE license_id = ? AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?`,
);
const sessions = db.prepare<[string, number], object>(
  `SELECT id, title, started_at, ended_at, status FROM sessions WHERE meeting_id = ?
   ORDER BY started_at DESC, id DESC LIMIT ?`,
);
const attendances = db.prepare<[string, number], object>(
  `SELECT id, full_name AS fullName, joined_at FROM attendances WHERE session_id = ? ORDER BY joined_at, id LIMIT ?`,
);

const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const cursorOf = ({ created_at, id }: Row): string =>
  Buffer.from(JSON.stringify(["CREATED_AT", "DESC", created_at, id])).toString("base64url");

interface Asking {
  licenseId: string;
}

const resolvers = {
  Query: {
    meeting: (_root: unknown, { id }: { id: string }, { licenseId }: Asking) =>
      meetingById.get(id.toLowerCase(), licenseId),
    meetings(_root: unknown, { first }: { first: number }, { licenseId }: Asking) {
      const rows = meetings.all(licenseId, first + 1);
      const nodes = rows.slice(0, first);
      const last = nodes.at(-1);
      return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor: last ? cursorOf(last) : null } };
    },
  },
  Meeting: {
    createdAt: ({ created_at }: Row) => instant(created_at),
    settings: ({ settings }: Row) => JSON.parse(settings) as object,
    sessions: ({ id }: Row, { first }: { first: number }) => ({ nodes: sessions.all(id, first) }),
  },
  Session: {
    startedAt: ({ started_at }: { started_at: number }) => instant(started_at),
    endedAt: ({ ended_at }: { ended_at: number | null }) => instant(ended_at),
    attendances: ({ id }: Row, { first }: { first: number }) => ({ nodes: attendances.all(id, first) }),
  },
  Attendance: {
    joinedAt: ({ joined_at }: { joined_at: number }) => instant(joined_at),
  },
};

await app.register(mercurius, {
  schema,
  resolvers: resolvers as unknown as IResolvers,
  context: (request): Asking => ({ licenseId: (request as Licensed).license.id }),
  jit: 1,
  persistedQueries: Object.fromEntries(Object.entries(texts).map(([name, text]) => [idOf(name as TextName), text])),
});
await app.listen({ port: Number(env["PORT"]), host: "127.0.0.1" });
