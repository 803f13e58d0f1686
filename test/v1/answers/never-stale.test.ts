import { expect, onTestFinished, test } from "vitest";
import { buildApp } from "../../../src/app.js";
import { updateLicense } from "../../../src/domain/license/update-license.js";
import { createMeeting as createBeside } from "../../../src/domain/meeting/create-meeting.js";
import { authenticate } from "../../../src/domain/license/license.js";
import { endByOperator } from "../../../src/domain/session/end-session.js";
import { Servers } from "../../../src/http/servers.js";
import { openServices } from "../../../src/services.js";
import type { LicenseId } from "../../../src/storage/index.js";
import { runTool } from "../../cli/tool.js";
import { boot, type Gateway, testConfig } from "../../helpers/boot.js";
import { environmentOf } from "../../helpers/databases.js";
import { createMeeting, joinMeeting, letIn, startMeeting, tenSettings } from "../../helpers/meetings.js";
import { insertRecording, NOBODY } from "../calls.js";
import { heard, openBeside } from "../../helpers/beside.js";

/** Numbers that look like chance and come again with the same seed. */
function chance(seed: number) {
  let state = seed;
  const below = (most: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  return { below, oneOf: <T>(list: readonly T[]): T | undefined => list[below(list.length)] };
}

/** Another process' view of the same data, which remembers nothing: each request is read anew. */
async function uncachedBeside({ folder }: Gateway) {
  const opened = await openServices(testConfig(folder, { ANSWER_CACHE_MB: "0" }), {
    exclusive: false,
    log: { warn() {}, error() {} },
  });
  opened.services.knownCallers.recall = () => undefined;
  const servers = new Servers();
  const { server } = await buildApp(opened, { servers });
  const url = await server.listen({ port: 0 });
  onTestFinished(async () => {
    await servers.close(opened.config.timings, () => server.close());
    await opened.services.storage.close();
  });
  return { url, services: opened.services };
}

interface Partner {
  id: string;
  key: string;
  meetings: string[];
  sessions: string[];
}

type Beside = Awaited<ReturnType<typeof uncachedBeside>>;

let used = 0;
/** A text that was not there before, so that each write shows. */
const fresh = (): string => `text ${(used += 1)}`;
const isOdd = (): boolean => (used += 1) % 2 === 1;

/** Each changes something, or is refused because of what the others did: both are right. */
const writers: Record<string, (gateway: Gateway, beside: Beside, of: Partner, meeting: string) => Promise<unknown>> = {
  create: async (gateway, _, of) => of.meetings.push(await createMeeting(gateway, {}, { key: of.key })),
  rename: (gateway, _, { key }, id) =>
    gateway.v1(`update_meeting?meeting_id=${id}`, {
      method: "PUT",
      key,
      body: { title: fresh(), meeting_setting: tenSettings(isOdd()) },
    }),
  start: async (gateway, _, of, id) => {
    const link = await startMeeting(gateway, id, {}, { key: of.key });
    of.sessions.push(new URL(link).searchParams.get("sessionID") ?? "");
  },
  enter: async (gateway, _, { key }, id) =>
    letIn(gateway.opened.services, await joinMeeting(gateway, id, fresh(), {}, { key })),
  end: (gateway, _, { key }, id) => gateway.v1(`end_meeting?meeting_id=${id}`, { key }),
  delete: (gateway, _, { key }, id) =>
    gateway.v1(`delete_scheduled_meeting?meeting_id=${id}`, { method: "DELETE", key }),
  defaults: (gateway, _, { key }) =>
    gateway.graphql(
      `mutation { updateGeneralMeetingSettings(input: { settings: { record: ${isOdd()} } }) { __typename } }`,
      {},
      { key },
    ),
  createBeside: async (_, { services }, of) => {
    const caller = await authenticate(services, of.key);
    if ("denied" in caller) throw new Error(caller.denied);
    const made = await createBeside(services, { ...caller, door: "CLI" }, { title: fresh() });
    of.meetings.push(made.id);
  },
  endBeside: async (_, { services }, { sessions }) =>
    endByOperator(services, { door: "CLI" }, sessions.at(-1) ?? NOBODY),
  renameLicense: (_, { services }, { id }) =>
    updateLicense(services, { door: "CLI" }, id as LicenseId, { name: fresh() }),
  record: async (gateway, _, { sessions }) => insertRecording(gateway, sessions.at(-1) ?? NOBODY),
  byHand: async ({ folder }, _, __, id) => {
    const database = openBeside({ folder });
    database.prepare("UPDATE meetings SET title = ? WHERE id = ?").run(fresh(), id);
    database.close();
  },
  tool: async ({ folder }, _, { id }) => {
    const env = { ...process.env, ...environmentOf(folder) } as Record<string, string>;
    await runTool(env, ["license", "update", id, "--name", fresh()]);
  },
};

const reads = ({ meetings, sessions }: Partner, others: Partner): string[] => {
  const [meeting, session] = [meetings.at(-1) ?? NOBODY, sessions.at(-1) ?? NOBODY];
  return [
    "list_meetings",
    "list_general_meeting_setting/",
    ...[meeting, meetings[0], others.meetings[0]].map((id) => `list_setting?meeting_id=${id}`),
    ...[meeting, others.meetings[0]].map((id) => `list_sessions/?meeting_id=${id}`),
    ...[session, others.sessions[0]].map((id) => `list_attendance?session_id=${id}`),
    `get_record?session_id=${session}`,
  ];
};

async function bytesOf(base: string, path: string, key: string, language: string) {
  const answer = await fetch(`${base}/api/v1/${path}`, { headers: { license: key, "accept-language": language } });
  return [answer.status, answer.headers.get("content-language"), await answer.text()];
}

const ROUNDS = 16;

test("whatever two partners, another process and the tool write among them, a read says what one read anew says", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  const { below, oneOf } = chance(seed);
  const gateway = await boot();
  const beside = await uncachedBeside(gateway);
  const partner = async (): Promise<Partner> => ({ ...(await gateway.license()), meetings: [], sessions: [] });
  const [first, second] = [await partner(), await partner()];
  for (const each of [first, second]) await writers["create"]?.(gateway, beside, each, NOBODY);

  for (let round = 0; round < ROUNDS; round += 1) {
    const log: string[] = [];
    // All at once: reads begin before a write and end after it.
    const atOnce = Array.from({ length: 2 + below(6) }, async () => {
      const [of, others] = below(2) === 0 ? [first, second] : [second, first];
      const path = oneOf(reads(of, others)) ?? "";
      // Another process takes half a second.
      const name = oneOf(Object.keys(writers).filter((known) => known !== "tool" || round % 8 === 5)) ?? "";
      log.push(`${name} of ${of === first ? "first" : "second"}`);
      await bytesOf(gateway.url, path, of.key, "en");
      const written = writers[name]?.(gateway, beside, of, oneOf(of.meetings) ?? NOBODY).catch(() => {});
      await Promise.all([written, bytesOf(gateway.url, path, of.key, "en")]);
    });
    await Promise.all(atOnce);
    await heard(gateway);
    for (const [of, others] of [
      [first, second],
      [second, first],
    ] as const) {
      for (const path of reads(of, others)) {
        const language = oneOf(["ar", "en"]) ?? "";
        const anew = await bytesOf(beside.url, path, of.key, language);
        const said = `SEED=${seed}, round ${round}, ${path}, after ${log.join(", ")}`;
        for (const time of ["first", "again"]) {
          expect([time, ...(await bytesOf(gateway.url, path, of.key, language))], said).toEqual([time, ...anew]);
        }
      }
    }
  }
});
