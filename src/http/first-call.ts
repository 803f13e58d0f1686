import { settingList } from "../domain/settings.js";

const exampleMeeting = JSON.stringify({
  title: "First meeting",
  meeting_setting: settingList.filter(({ inV1 }) => inV1).map(({ v1 }) => ({ setting: v1, value: false })),
});

/** A line for a shell that creates a meeting. @param base PUBLIC_URL without a slash at its end */
export const firstCall = (base: string, key: string): string =>
  `curl -s ${base}/api/v1/create_meeting/ -H 'license: ${key}' -H 'content-type: application/json' -d '${exampleMeeting}'`;
