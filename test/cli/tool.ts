import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Writable } from "node:stream";
import { run as runHere } from "../../src/cli/program.js";
import { terminal } from "../../src/cli/terminal.js";
import { readConfig } from "../../src/config.js";
import type { Caller } from "../../src/domain/caller.js";
import { createMeeting } from "../../src/domain/meeting/create-meeting.js";
import { createLicense, type LicenseTerms, oneYearFrom } from "../../src/domain/license/create-license.js";
import { authenticate } from "../../src/domain/license/license.js";
import type { Services } from "../../src/domain/services.js";
import { startMeeting } from "../../src/domain/session/start-meeting.js";
import { engineKinds } from "../../src/engine/index.js";
import { openServices } from "../../src/services.js";
import type { License } from "../../src/storage/index.js";
import { environmentOf, takeDatabaseFor } from "../helpers/databases.js";

/** What `npm run build` made, as an operator runs it. */
export const built = (file: string): string => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Tool {
  folder: string;
  /** Where there is a file. */
  databasePath: string;
  env: Record<string, string>;
  /** Runs the tool to its end, in this process unless told otherwise: to load it takes longer than all it does. */
  run(...args: string[]): Promise<Ran>;
  /** Runs it, and throws what it said when it failed. */
  ok(...args: string[]): Promise<string>;
  /** Creates a license with the tool and gives its line of JSON. */
  create(...args: string[]): Promise<Record<string, unknown> & { id: string; key: string }>;
  /** A license that is there already: made without the tool, which takes longer. */
  license(terms?: Partial<LicenseTerms>): Promise<{ id: string; key: string }>;
  /** What is stored. */
  licenses(): Promise<License[]>;
  /** What the server would answer to this key, on the same database: "ok" or why not. */
  answerTo(key: string): Promise<string>;
  /** Does something with the use-cases, as a server on the same database would. */
  beside<T>(work: (services: Services) => Promise<T>): Promise<T>;
  /** Starts a meeting of this license; gives its session's id and the moderator's link. */
  startMeeting(key: string, title: string): Promise<{ sessionId: string; link: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

const collecting = (take: (text: string) => void): Writable =>
  new Writable({
    write(chunk, _, done) {
      take(String(chunk));
      done();
    },
  });

async function runOnce(env: Record<string, string>, args: string[], input: string): Promise<Ran> {
  const real = { ...terminal };
  let stdout = "";
  let stderr = "";
  const out = collecting((text) => (stdout += text));
  const err = collecting((text) => (stderr += text));
  Object.assign(terminal, { env, out, err, input: () => input });
  try {
    const code = await runHere(args, () => Promise.resolve(engineKinds));
    return { code, stdout, stderr };
  } finally {
    Object.assign(terminal, real);
  }
}

let before: Promise<unknown> = Promise.resolve();

/** In this process; one after the other, because there is one terminal. */
export function runInside(env: Record<string, string>, args: string[], input = ""): Promise<Ran> {
  const ran = before.then(() => runOnce(env, args, input));
  before = ran.catch(() => {});
  return ran;
}

/**
 * In a process of its own, for what only that shows.
 * @param input what it reads from its standard input
 */
export function runTool(env: Record<string, string>, args: string[], input = ""): Promise<Ran> {
  return new Promise((resolve) => {
    const tool = execFile(process.execPath, [built("cli.js"), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    tool.stdin?.end(input);
  });
}

const silent = { warn() {}, error() {} };

async function callerOf(services: Services, key: string): Promise<Caller> {
  const known = await authenticate(services, key);
  if ("denied" in known) throw new Error(known.denied);
  return { door: "V1", ...known };
}

/**
 * The tool on a database of its own, which does not exist yet; all of it goes at the end of the block.
 * @param runs it: here, or as a process where that is what is to be seen
 */
export async function newTool(more: Record<string, string> = {}, runs = runInside): Promise<Tool> {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-cli-"));
  const giveBack = more["DATABASE_URL"] ? async () => {} : await takeDatabaseFor(folder);
  const env = { ...environmentOf(folder), ...more };
  const run = (...args: string[]) => runs(env, args);
  const beside: Tool["beside"] = async (work) => {
    const { services } = await openServices(readConfig(env), { exclusive: false, log: silent });
    return work(services).finally(() => services.storage.close());
  };
  const ok = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`vconnct ${args.join(" ")} ended with ${code}: ${stderr}`);
    return stdout;
  };
  return {
    folder,
    databasePath: join(folder, "vconnct.sqlite"),
    env,
    run,
    ok,
    beside,
    create: async (...args) => JSON.parse(await ok("license", "create", "--json", ...args)),
    license: (terms) =>
      beside(async (services) => {
        const unlimited = { maxMeetings: null, maxRunning: null, maxAttendance: null };
        const all = { name: "Acme", expiresAt: oneYearFrom(new Date()), ...unlimited, ...terms };
        const { license, key } = await createLicense(services, { door: "CLI" }, all);
        return { id: license.id, key };
      }),
    licenses: () => beside(({ storage }) => storage.read.licenses.list()),
    answerTo: (key) =>
      beside(async (services) => {
        const known = await authenticate(services, key);
        return "denied" in known ? known.denied : "ok";
      }),
    startMeeting: (key, title) =>
      beside(async (services) => {
        const caller = await callerOf(services, key);
        const meeting = await createMeeting(services, caller, { title });
        const input = { meetingId: meeting.id, moderatorName: "Mona" };
        const { session, joinUrl } = await startMeeting(services, caller, input);
        return { sessionId: session.id, link: joinUrl.slice(joinUrl.indexOf("?") + 1) };
      }),
    async [Symbol.asyncDispose]() {
      await giveBack();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
