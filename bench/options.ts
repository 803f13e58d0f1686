import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { growthFolder, type GrowthOptions } from "./growth/growth.js";

export const help = `npm run bench -- [options]          servers take turns at works
  --work NAME      only this work; may be said several times
  --peer NAME      besides the base, only this server; may be said several times
  --rounds N       how often each server has its turn (7); with 0 answers are only compared
  --turn MS        how much CPU a turn takes, about (200)
npm run bench -- --postgres         ours on SQLite, ours on PostgreSQL, two of it there, and two behind HAProxy take
                 turns: on a server that DATABASE_URL names, on this machine; without it one of the bench's own
npm run bench -- --class            a thousand people open links while partners poll
npm run bench -- --live             four thousand subscriptions of one license
npm run bench -- --pool             two hundred sessions start at once on four conference servers
npm run bench -- --room            people talk in rooms: three hundred in one, a thousand in fifty
npm run bench -- --soak             a mixed load, and whether memory holds
  --minutes N      of it (10)
npm run bench -- --growth           how long statements and requests take as a license grows
  --size N         to so many meetings (1e3, 1e5, 1e6); may be said several times
  --folder DIR     where its databases are kept, 11 GB for 1e6 (a temporary one)
  --postgres       on PostgreSQL; the databases stay there where DATABASE_URL names its server
for all of them but the last
  --profile DIR    has each server write a CPU profile there when it ends
  --json           prints JSON instead of a table`;

const scenarios = ["class", "live", "pool", "room", "soak"] as const;

export type Scenario = (typeof scenarios)[number];

export interface Options {
  isHelp: boolean;
  works: readonly string[] | undefined;
  peers: readonly string[] | undefined;
  rounds: number;
  isOnPostgres: boolean;
  turnMs: number;
  /** What is measured instead of works. */
  scenarios: readonly Scenario[];
  minutes: number;
  /** What its table is made with, where it is asked for. */
  growth: GrowthOptions | undefined;
  /** Flags of Node for every server. */
  flags: string[];
  isJson: boolean;
}

/** @throws Error when an option is not known, or a number is none */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      work: { type: "string", multiple: true },
      peer: { type: "string", multiple: true },
      rounds: { type: "string", default: "7" },
      turn: { type: "string", default: "200" },
      class: { type: "boolean", default: false },
      live: { type: "boolean", default: false },
      pool: { type: "boolean", default: false },
      room: { type: "boolean", default: false },
      soak: { type: "boolean", default: false },
      minutes: { type: "string", default: "10" },
      growth: { type: "boolean", default: false },
      postgres: { type: "boolean", default: false },
      size: { type: "string", multiple: true, default: ["1e3", "1e5", "1e6"] },
      folder: { type: "string", default: growthFolder() },
      profile: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const numberOf = (name: "rounds" | "turn" | "minutes") => {
    const number = Number(values[name]);
    if (!Number.isFinite(number) || number < 0) throw new Error(`--${name} must be a number`);
    return number;
  };
  return {
    isHelp: values.help,
    works: values.work,
    peers: values.peer,
    rounds: numberOf("rounds"),
    isOnPostgres: values.postgres,
    turnMs: numberOf("turn"),
    scenarios: scenarios.filter((name) => values[name]),
    minutes: numberOf("minutes"),
    growth: values.growth
      ? { sizes: values.size.map(Number), folder: values.folder, isOnPostgres: values.postgres }
      : undefined,
    flags: values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${resolve(values.profile)}`],
    isJson: values.json,
  };
}
