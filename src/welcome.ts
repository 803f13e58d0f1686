import { settingList } from "./domain/settings.js";
import type { RunningServer } from "./server.js";

const exampleMeeting = JSON.stringify({
  title: "First meeting",
  meeting_setting: settingList.filter(({ inV1 }) => inV1).map(({ v1 }) => ({ setting: v1, value: false })),
});

/** What a start prints: where everything is, and how to go on. */
export function welcome({ url, demoKey, opened }: RunningServer): string {
  const base = opened.publicUrl();
  const { sandbox, showsDemoKey } = opened.config;
  const lines = [
    "",
    "VConnct Gateway is running.",
    "",
    `  GraphQL   ${base}/graphql`,
    sandbox && `  Sandbox   ${base}/graphql   (without a network: ${base}/console/)`,
    sandbox && `  Examples  ${base}/examples   (the whole life of a meeting, ready to run)`,
    `  v1 REST   ${base}/api/v1/`,
    `  Start     ${base}/   (what is where; README.md and docs/ say more)`,
    base !== url && `  Listening on ${url}`,
    demoKey && `\nDemo license key:\n\n  ${demoKey}\n\nCreate a meeting:\n`,
    demoKey &&
      `curl -s ${base}/api/v1/create_meeting/ -H 'license: ${demoKey}' -H 'content-type: application/json' -d '${exampleMeeting}'`,
    !demoKey && showsDemoKey && "\nThe demo license was revoked, so there is no demo key.",
    !demoKey && `\nMake a license key:  npx vconnct license create --name "Your partner"`,
    "",
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}
