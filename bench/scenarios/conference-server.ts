import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../../test/peers/bigbluebutton/serve.ts", import.meta.url));

export interface ConferenceServer {
  url: string;
  secret: string;
  stop(): void;
}

/** One that speaks BigBlueButton's dialect, in a process of its own. */
export async function startConferenceServer(): Promise<ConferenceServer> {
  const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { ...(JSON.parse(line) as { url: string; secret: string }), stop: () => void child.kill() };
}
