import type { PeerName } from "../peers.js";
import type { Seeded } from "../seed.js";
import { type Ask, headers, type Work } from "./work.js";

interface Read {
  path: string;
  key: string;
  /** Fewer than a hundred rows. */
  isSmall?: boolean;
  /** Where SOFA has the same data. */
  sofa?: { path: string; toData: (root: unknown) => unknown };
}

const smallGoals = { uncached: { cpu: 1.5 }, gateway: { cpu: 0.8 } };
const longGoals = { uncached: { cpu: 1.1 }, gateway: { perSecond: 8 } };

/** The reads of v1: by us once with a cache of answers, where nothing changes between them, and once without. */
function read(name: string, size: string, { path, key, isSmall = false, sofa }: Read): Work {
  const ask = (_number: number, server: PeerName): Ask => ({
    method: "GET",
    path: server === "sofa" && sofa ? sofa.path : `/api/v1/${path}`,
    headers: headers(key),
  });
  const servers = ["raw", "uncached", "gateway"] as const;
  const goals = isSmall ? smallGoals : longGoals;
  if (!sofa) return { name, size, servers, ask, goals };
  return {
    name,
    size,
    servers: [...servers, "sofa"],
    ask,
    goals,
    compared: (body, server) => (server === "sofa" ? envelope(sofa.toData(JSON.parse(body))) : body),
  };
}

const envelope = (data: unknown): string =>
  JSON.stringify({ status: true, status_code: 200, message: "success", data, success_message: "Done successfully!" });

interface SofaMeeting {
  id: string;
  title: string | null;
  isRunning: boolean;
  moderatorPassword: string | null;
  welcomeText: string | null;
}

const meetings = (root: unknown) =>
  (root as { nodes: SofaMeeting[] }).nodes.map((meeting) => ({
    meeting_id: meeting.id,
    title: meeting.title ?? "",
    is_running: meeting.isRunning,
    moderator_password: meeting.moderatorPassword ?? "",
    welcome_text: meeting.welcomeText ?? "",
  }));

const people = (root: unknown) =>
  (root as { attendances: { nodes: { fullName: string; joinedAt: string }[] } }).attendances.nodes.map(
    ({ fullName, joinedAt }) => ({ full_name: fullName, joined_date: joinedAt }),
  );

const byCreation = encodeURIComponent(JSON.stringify({ field: "CREATED_AT", direction: "ASC" }));

export const v1Reads = ({ keys, meetingId, busyKey, longMeetingId, fullSessionId }: Seeded): Work[] => [
  read("list_meetings", "10 meetings", { path: "list_meetings/", key: keys[10], isSmall: true }),
  read("list_meetings", "100 meetings", {
    path: "list_meetings/",
    key: keys[100],
    sofa: { path: `/api/meetings?first=100&orderBy=${byCreation}`, toData: meetings },
  }),
  read("list_meetings", "1000 meetings", { path: "list_meetings/", key: keys[1000] }),
  read("list_setting", "10 switches", { path: `list_setting/?meeting_id=${meetingId}`, key: keys[100], isSmall: true }),
  read("list_sessions", "100 sessions", { path: `list_sessions/?meeting_id=${longMeetingId}`, key: busyKey }),
  read("list_attendance", "1000 people", {
    path: `list_attendance/?session_id=${fullSessionId}`,
    key: busyKey,
    sofa: { path: `/api/session/${fullSessionId}`, toData: people },
  }),
];
