import { firstCall } from "./http/first-call.js";
import type { RunningServer } from "./server.js";

const makeLicense = 'npx vconnct license create --name "Your partner"';

/** Where whatever collects the log finds nothing but its lines. */
function asLogLine({ url, opened }: RunningServer): string {
  const base = opened.publicUrl();
  const where = { graphql: `${base}/graphql`, v1: `${base}/api/v1/`, start: `${base}/`, listening: url, makeLicense };
  const INFO = 30;
  const time = opened.services.clock.wall().getTime();
  return JSON.stringify({ level: INFO, time, ...where, msg: "VConnct Gateway is running" });
}

/** What a start prints: where everything is, and how to go on; in production one line of the log. */
export function welcome(running: RunningServer): string {
  const { url, demoKey, opened } = running;
  const base = opened.publicUrl();
  const { sandbox, showsDemoKey, isProduction } = opened.config;
  if (isProduction) return asLogLine(running);
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
    !demoKey && `\nMake a license key:  ${makeLicense}`,
    "",
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}
