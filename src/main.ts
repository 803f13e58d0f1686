import { readConfig } from "./config.js";
import { settingList } from "./domain/settings.js";
import { shippedLanguages } from "./messages/index.js";
import { type RunningServer, startServer } from "./server.js";

const exampleMeeting = JSON.stringify({
  title: "First meeting",
  meeting_setting: settingList.filter(({ inV1 }) => inV1).map(({ v1 }) => ({ setting: v1, value: false })),
});

function welcome({ url, demoKey, opened }: RunningServer): string {
  const base = opened.publicUrl();
  const { sandbox } = opened.config;
  const lines = [
    "",
    "VConnct Gateway is running.",
    "",
    `  GraphQL   ${base}/graphql`,
    sandbox && `  Sandbox   ${base}/graphql   (without a network: ${base}/console/)`,
    `  v1 REST   ${base}/api/v1/`,
    `  Start     ${base}/   (what is where; README.md and docs/ say more)`,
    base !== url && `  Listening on ${url}`,
    demoKey && `\nDemo license key:\n\n  ${demoKey}\n\nCreate a meeting:\n`,
    demoKey &&
      `curl -s ${base}/api/v1/create_meeting/ -H 'license: ${demoKey}' -H 'content-type: application/json' -d '${exampleMeeting}'`,
    !demoKey && `\nMake a license key:  npx vconnct license create --name "Your partner"`,
    "",
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}

const plainNames = new Set(["ConfigError", "DatabaseInUse", "DatabaseTooNew", "UnusableSecret"]);

/** What a person can act on is said in one line; anything else is a bug and shows its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (plainNames.has(error.name)) return error.message;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return `The address is in use: choose another PORT or HOST (${error.message}).`;
  if (syscall === "listen" || syscall === "getaddrinfo") return `PORT or HOST can't be used: ${error.message}`;
  if (path !== undefined) return `A file can't be used; see DATABASE_URL and DATA_DIR: ${error.message}`;
  return error.stack ?? error.message;
}

async function main(): Promise<void> {
  const running = await startServer(readConfig(process.env, shippedLanguages()));
  process.stdout.write(`${welcome(running)}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    // Again and again: under `npm start` one Ctrl-C arrives twice, and the second must not cut the first one's drain.
    process.on(signal, () => {
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${explain(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
