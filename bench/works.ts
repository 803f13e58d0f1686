import { settingList } from "#gateway/domain/settings.js";
import type { PeerName } from "./peers.js";
import type { Seeded } from "./seed.js";

/** One request, the same for every server. */
export interface Ask {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** Something servers are measured at. */
export interface Work {
  /** What `--work` calls it, alone or with others of that name. */
  name: string;
  /** What the table says besides. */
  size: string;
  /** The first is the base of the ratios; the others take turns with it. */
  servers: readonly PeerName[];
  /** The request of this number; a work whose requests are all alike minds no number. */
  ask(number: number): Ask;
  /** Each request is another one: there are so many. */
  different?: number;
  connections?: number;
}

const headers = (license: string) => ({ license, "accept-language": "en" });

const read = (path: string, key: string) => (): Ask => ({
  method: "GET",
  path: `/api/v1/${path}`,
  headers: headers(key),
});

/** The reads of v1: by us once with a cache of answers, where nothing changes between them, and once without. */
function v1Reads({ keys, meetingId, busyKey, longMeetingId, fullSessionId }: Seeded): Work[] {
  const servers = ["raw", "uncached", "gateway"] as const;
  return [
    ...([10, 100, 1000] as const).map((size) => ({
      name: "list_meetings",
      size: `${size} meetings`,
      servers,
      ask: read("list_meetings/", keys[size]),
    })),
    {
      name: "list_setting",
      size: "10 switches",
      servers,
      ask: read(`list_setting/?meeting_id=${meetingId}`, keys[100]),
    },
    {
      name: "list_sessions",
      size: "100 sessions",
      servers,
      ask: read(`list_sessions/?meeting_id=${longMeetingId}`, busyKey),
    },
    {
      name: "list_attendance",
      size: "1000 people",
      servers,
      ask: read(`list_attendance/?session_id=${fullSessionId}`, busyKey),
    },
  ];
}

const post = (path: string, key: string, body: object): Ask => ({
  method: "POST",
  path: `/api/v1/${path}/`,
  headers: headers(key),
  body: JSON.stringify(body),
});

const exampleMeeting = {
  title: "Weekly lesson",
  moderator_password: "only-for-teachers",
  welcome_text: "Welcome! Please keep your microphone off until you are asked.",
  meeting_setting: settingList
    .filter(({ inV1 }) => inV1)
    .map(({ v1 }, index) => ({ setting: v1, value: index % 2 === 0 })),
};

/** The writes of v1, and the link that writes nothing; the start last, because what it opens is looked at from then on. */
function v1Writes({ makerKey, starterKey, idleIds, runningIds }: Seeded): Work[] {
  const servers = ["raw", "gateway"] as const;
  const create = () => post("create_meeting", makerKey, exampleMeeting);
  const join = { meeting_id: runningIds[0], fullname: "Omar", password: "in-0", role: "viewer" };
  return [
    { name: "create_meeting", size: "", servers, ask: create },
    { name: "create_meeting", size: "a lone client", servers, ask: create, connections: 1 },
    { name: "join_meeting", size: "", servers, ask: () => post("join_meeting", starterKey, join) },
    {
      name: "start_meeting",
      size: "",
      servers,
      different: idleIds.length,
      ask: (number) =>
        post("start_meeting", starterKey, {
          meeting_id: idleIds[number],
          title: "Lesson",
          attendee_password: "in",
          moderator_name: "Mona",
          logout_url: "https://school.example.com/",
        }),
    },
  ];
}

export const worksOf = (seeded: Seeded): Work[] => [...v1Reads(seeded), ...v1Writes(seeded)];
