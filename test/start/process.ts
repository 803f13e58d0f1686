import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

import { environmentFor } from "../helpers/databases.js";
import { SecretKeeper } from "../helpers/secrets.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Started {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Where it listens, once it says so. @throws Error with what it said when it ends before */
  url(): Promise<string>;
  ended: Promise<Ended>;
}

/** The greeting, and nothing else, says the demo key: on a line of its own, and in the first call. */
const greetedKeys = /^(?: +vc_[\w-]{43}|curl -s .*)$/gm;

/** Runs a command with nothing of our own environment but what a program needs; killed with the test. */
export function run(command: string[], env: Record<string, string>): Started {
  const [program = "", ...args] = command;
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program, args, { cwd: root, env: { PATH, HOME, ...env } });
  let out = "";
  let err = "";
  let changed = () => {};
  child.stdout.on("data", (data) => {
    out += String(data);
    changed();
  });
  child.stderr.on("data", (data) => (err += String(data)));
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal });
      changed();
    });
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    new SecretKeeper().check(out.replace(greetedKeys, "") + err);
  });
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    async url() {
      for (;;) {
        const found = /Server listening at (http:[^"\s]+)|Listening on (http:\S+)|GraphQL +(http:\S+)\/graphql/.exec(
          out,
        );
        // The greeting, which stands last: for people, or as a line of production's log.
        if (/Start {2}|"start":/.test(out) && found) return found[1] ?? found[2] ?? found[3] ?? "";
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${out}${err}`);
        await new Promise<void>((resolve) => (changed = resolve));
      }
    },
  };
}

/** The server as it is shipped, on a free port, its data in this folder or in the database that stands in for it. */
export const server = async (folder: string, env: Record<string, string> = {}): Promise<Started> =>
  run([process.execPath, "dist/main.js"], { PORT: "0", ...(await environmentFor(folder)), ...env });

/** Ends it in good order. */
export async function stop(started: Started): Promise<Ended> {
  started.child.kill("SIGTERM");
  return started.ended;
}

export const demoKeyOf = (output: string): string | undefined => /vc_[\w-]{43}/.exec(output)?.[0];

/** The operator's side of a question: how the graph answers this key. */
export async function answerTo(url: string, key: string): Promise<{ status: number; code: string | undefined }> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { license: key, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ license { name } }" }),
  });
  const body = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: body.errors?.[0]?.extensions.code };
}
