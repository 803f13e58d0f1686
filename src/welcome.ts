import { firstCall } from "./http/first-call.js";
import type { RunningServer } from "./server.js";

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
    `  Start     ${base}/   (what is where, and the documentation)`,
    base !== url && `  Listening on ${url}`,
    demoKey && `\nDemo license key:\n\n  ${demoKey}\n\nCreate a meeting:\n`,
    demoKey && firstCall(base, demoKey),
    !demoKey && showsDemoKey && "\nThe demo license was revoked, so there is no demo key.",
    !demoKey && `\nMake a license key:  npx vconnct license create --name "Your partner"`,
    "",
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}
