import { settingList } from "#gateway/domain/settings.js";
import type { Seeded } from "../seed.js";
import { type Ask, headers, type Work } from "./work.js";

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
export function v1Writes({ makerKey, starterKey, idleIds, runningIds }: Seeded): Work[] {
  const servers = ["raw", "gateway"] as const;
  const create = () => post("create_meeting", makerKey, exampleMeeting);
  const join = { meeting_id: runningIds[0], fullname: "Omar", password: "in-0", role: "viewer" };
  return [
    { name: "create_meeting", size: "", servers, ask: create, goals: { gateway: { cpu: 1.3, perSecond: 2.5 } } },
    {
      name: "create_meeting",
      size: "a lone client",
      servers,
      ask: create,
      connections: 1,
      goals: { gateway: { perSecond: 1 } },
    },
    {
      name: "join_meeting",
      size: "",
      servers,
      ask: () => post("join_meeting", starterKey, join),
      goals: { gateway: { cpu: 2 } },
    },
    {
      name: "start_meeting",
      size: "",
      servers,
      different: idleIds.length,
      goals: { gateway: { cpu: 2 } },
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
