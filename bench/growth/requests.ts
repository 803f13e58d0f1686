import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Server, startServer } from "../servers.js";
import { keys } from "./rows.js";
import { idOf } from "./statements.js";

interface Request {
  name: string;
  path: string;
  body?: object;
}

const graph = (name: string, query: string): Request => ({ name: `graph: ${name}`, path: "/graphql", body: { query } });
const v1 = (name: string, path: string, body?: object): Request => ({
  name: `v1: ${name}`,
  path: `/api/v1/${path}`,
  ...(body && { body }),
});

const meeting = (number: number) => idOf(1, number, 0);
const session = (number: number) => idOf(2, number, 0);
const byEnd = "orderBy: { field: ENDED_AT, direction: DESC }";

/** What partners and frontends ask of the license that grows. */
const requests: Request[] = [
  graph(
    "README's first query",
    "{ license { name meetingRooms { used } } meetings(first: 5) { nodes { id title isRunning } } }",
  ),
  graph(
    "20 meetings, their sessions by ENDED_AT",
    `{ meetings(first: 20) { nodes { sessions(first: 5, ${byEnd}) { nodes { id endedAt } } } } }`,
  ),
  graph(
    "20 meetings, counts of their sessions and people",
    "{ meetings(first: 20) { totalCount nodes { sessions(first: 3) { totalCount nodes { attendances(first: 3) { totalCount } } } } } }",
  ),
  graph("sessions by ENDED_AT", `{ sessions(first: 20, ${byEnd}) { totalCount nodes { id endedAt } } }`),
  graph("sessions that failed", "{ sessions(first: 20, filter: { status: [FAILED] }) { totalCount nodes { id } } }"),
  graph("meetings that run", "{ meetings(first: 20, filter: { isRunning: true }) { totalCount nodes { id } } }"),
  graph("meetings by text, few", `{ meetings(first: 20, filter: { titleContains: "zebra" }) { nodes { id } } }`),
  graph("5 nodes", `{ nodes(ids: [${[1, 2, 3, 4, 5].map((number) => `"${meeting(number)}"`).join()}]) { id } }`),
  graph(
    "usage for ever",
    "{ license { usage(period: {}) { sessionsStarted sessionMinutes peakAttendees attendances recordedMinutes } } }",
  ),
  graph("usage of this month", "{ license { usage { sessionsStarted sessionMinutes } } }"),
  graph(
    "recordings of a meeting",
    `{ recordings(first: 20, filter: { meetingId: "${meeting(0)}" }) { nodes { id } } }`,
  ),
  v1("create_meeting", "create_meeting/", {
    title: "Growth",
    meeting_setting: [
      "lock_settings_disable_public_chat",
      "lock_settings_disable_mic",
      "auto_start_recording",
      "lock_settings_disable_cam",
      "lock_settings_locked_layout",
      "allow_start_stop_recording",
      "record",
      "webcam_only_for_moderators",
      "lock_settings_disable_note",
      "lock_settings_disable_private_chat",
    ].map((setting) => ({ setting, value: false })),
  }),
  v1("list_sessions", `list_sessions/?meeting_id=${meeting(1)}`),
  v1("list_attendance", `list_attendance/?session_id=${session(1)}`),
  v1("get_record", `get_record/?session_id=${session(20)}`),
  v1("list_meetings, all of them", "list_meetings/"),
];

const agent = new Agent({ keepAlive: true });

/** Takes an answer in as it comes, whatever its size, and keeps none of it. */
function taken({ url }: Server, { path, body }: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { license: keys.big, "content-type": "application/json" };
    const asked = request(url + path, { agent, method: body ? "POST" : "GET", headers }, (response) => {
      const isGood = (response.statusCode ?? 500) < 300;
      let fault = "";
      response.on("data", (part: Buffer) => {
        if (!isGood) fault += part.toString();
      });
      response.on("error", reject);
      response.on("end", () => {
        if (isGood) resolve();
        else reject(new Error(`${path}: ${response.statusCode} ${fault}`));
      });
    });
    asked.on("error", reject);
    asked.end(body && JSON.stringify(body));
  });
}

export interface Taken {
  ms: number;
  /** Milliseconds by which the event loop came late at most: so long everybody else waited. */
  late: number;
}

const RUNS = 3;
/** A turn that was late is seen once it is over. */
const SEEN_MS = 20;

/** The least of a few runs, each answered from the database; the server works on the very one. */
export async function measureRequests(url: string): Promise<Map<string, Taken>> {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-bench-"));
  const seed = `${folder}/nothing.sqlite`;
  writeFileSync(seed, "");
  const server = await startServer("uncached", { seed, folder, env: { DATABASE_URL: url, DATA_DIR: folder } });
  const found = new Map<string, Taken>();
  for (const asked of requests) {
    const best: Taken = { ms: Number.POSITIVE_INFINITY, late: Number.POSITIVE_INFINITY };
    for (let times = 0; times < RUNS && (times === 0 || best.ms < 2_000); times += 1) {
      await server.ask("watch");
      // The first turn after the question counts for nothing.
      await sleep(SEEN_MS);
      const begun = performance.now();
      await taken(server, asked);
      best.ms = Math.min(best.ms, performance.now() - begun);
      await sleep(SEEN_MS);
      best.late = Math.min(best.late, (await server.ask()).latest);
    }
    found.set(asked.name, best);
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  return found;
}
