import type { LicenseTerms } from "../../src/domain/license/create-license.js";
import { mutate, newMeeting, start } from "../graphql/ask.js";
import type { Gateway, V1Call } from "../helpers/boot.js";
import { insertRecording } from "../helpers/rows.js";
import type { Call, troubledBuiltin } from "../helpers/test-engine.js";
import type { Input } from "./doors.js";
import type { ForEach, ofMutations } from "./lists.js";
import { openBeside } from "../helpers/beside.js";

export interface World {
  gateway: Gateway;
  engine: ReturnType<typeof troubledBuiltin>;
  /** Well formed, and nobody's. */
  nobodysId: string;
}

/** What the use-case is to be called with, so that it refuses; and what is to be put right after that. */
export interface Prepared {
  input: Input;
  call?: V1Call;
  after?: () => void;
}

export type Prepare = (world: World) => Promise<Prepared>;

const tooLong = "x".repeat(256);
const moderator = { moderatorName: "Mod" };
const viewer = { fullName: "V", role: "VIEWER" };

/** As another license, with these limits. */
async function limited({ gateway }: World, terms: Partial<LicenseTerms>): Promise<V1Call> {
  const { key } = await gateway.license(terms);
  return { key };
}

/** Its id, running. */
async function running({ gateway }: World, input: Input = {}, call: V1Call = {}): Promise<string> {
  const meetingId = await newMeeting(gateway, {}, call);
  await start(gateway, meetingId, input, call);
  return meetingId;
}

async function recording({ gateway }: World, status: string): Promise<string> {
  const { sessionId } = await start(gateway, await newMeeting(gateway));
  return insertRecording(gateway, sessionId, { status });
}

/** A room for one, and somebody in it. */
async function full(world: World): Promise<Prepared> {
  const call = await limited(world, { maxAttendance: 1 });
  const meetingId = await newMeeting(world.gateway, {}, call);
  const { joinUrl } = await start(world.gateway, meetingId, {}, call);
  const client = world.gateway.socket();
  await client.enter(joinUrl);
  return { input: { meetingId }, call, after: () => client.cut() };
}

/** A meeting with a password, wrong ones tried until none is looked at. */
async function guessedAt({ gateway }: World, mutation: "startMeeting" | "joinMeeting", input: Input) {
  const meetingId = await newMeeting(gateway, { moderatorPassword: "right" });
  const guess = { meetingId, ...input };
  for (let wrong = 0; wrong < 10; wrong++) await mutate(gateway, mutation, guess);
  return { input: guess };
}

/** The engine does none of this until the case is over. */
const failing = ({ engine }: World, ...calls: Call[]): Pick<Prepared, "after"> => {
  for (const call of calls) engine.fail(call);
  return { after: () => calls.forEach((call) => engine.mend(call)) };
};

function set({ folder }: Gateway, status: "STARTING" | "RUNNING", meetingId: string): void {
  const database = openBeside({ folder });
  database.prepare("UPDATE sessions SET status = ? WHERE meeting_id = ?").run(status, meetingId);
  database.close();
}

/** Somebody in a running session. */
async function entered({ gateway }: World) {
  const meetingId = await newMeeting(gateway);
  const { joinUrl, sessionId } = await start(gateway, meetingId);
  const client = gateway.socket();
  const { person } = await client.enter(joinUrl);
  return { meetingId, sessionId, personId: String(person.id), after: () => client.cut() };
}

async function over(world: World) {
  const was = await entered(world);
  await mutate(world.gateway, "endMeeting", { meetingId: was.meetingId });
  return was;
}

/** By an engine that takes no change of a room that runs. */
async function runElsewhere(world: World) {
  const here = await entered(world);
  const database = openBeside(world.gateway);
  database.prepare("UPDATE sessions SET engine = 'elsewhere' WHERE id = ?").run(here.sessionId);
  database.close();
  return here;
}

const ofPeople = (more: Input) => ({
  INVALID_INPUT: async () => ({ input: { personId: "no-uuid", ...more } }),
  NOT_FOUND: async ({ nobodysId }: World) => ({ input: { personId: nobodysId, ...more } }),
  SESSION_NOT_RUNNING: async (world: World) => ({ input: { personId: (await over(world)).personId, ...more } }),
  NOT_SUPPORTED_BY_ENGINE: async (world: World) => {
    const { personId, after } = await runElsewhere(world);
    return { input: { personId, ...more }, after };
  },
});

const malformed: Prepare = async () => ({ input: { meetingId: "no-uuid" } });
const missing: Prepare = async ({ nobodysId }) => ({ input: { meetingId: nobodysId } });

export const cases: ForEach<typeof ofMutations, Prepare> = {
  createMeeting: {
    INVALID_INPUT: async () => ({ input: { title: tooLong } }),
    MEETING_LIMIT_REACHED: async (world) => {
      const call = await limited(world, { maxMeetings: 1 });
      await newMeeting(world.gateway, {}, call);
      return { input: {}, call };
    },
    IDEMPOTENCY_KEY_REUSED: async ({ gateway }) => {
      await newMeeting(gateway, { idempotencyKey: "create", title: "one" });
      return { input: { idempotencyKey: "create", title: "two" } };
    },
  },
  updateMeeting: {
    INVALID_INPUT: async ({ gateway }) => ({ input: { meetingId: await newMeeting(gateway), title: tooLong } }),
    NOT_FOUND: missing,
  },
  startMeeting: {
    INVALID_INPUT: async ({ gateway }) => ({ input: { meetingId: await newMeeting(gateway), moderatorName: tooLong } }),
    NOT_FOUND: async ({ nobodysId }) => ({ input: { meetingId: nobodysId, ...moderator } }),
    INVALID_PASSWORD: async ({ gateway }) => {
      const meetingId = await newMeeting(gateway, { moderatorPassword: "right" });
      return { input: { meetingId, ...moderator, moderatorPassword: "wrong" } };
    },
    TOO_MANY_ATTEMPTS: (world) => guessedAt(world, "startMeeting", { ...moderator, moderatorPassword: "wrong" }),
    MEETING_ALREADY_RUNNING: async (world) => {
      return { input: { meetingId: await running(world, { title: "one" }), ...moderator, title: "two" } };
    },
    RUNNING_LIMIT_REACHED: async (world) => {
      const call = await limited(world, { maxRunning: 1 });
      await running(world, {}, call);
      return { input: { meetingId: await newMeeting(world.gateway, {}, call), ...moderator }, call };
    },
    ATTENDANCE_LIMIT_REACHED: async (world) => {
      const { input, ...rest } = await full(world);
      return { input: { ...input, ...moderator }, ...rest };
    },
    IDEMPOTENCY_KEY_REUSED: async (world) => {
      const meetingId = await running(world, { idempotencyKey: "start" });
      return { input: { meetingId, moderatorName: "Another", idempotencyKey: "start" } };
    },
    ENGINE_FAILED: async (world) => {
      const input = { meetingId: await newMeeting(world.gateway), ...moderator };
      return { input, ...failing(world, "openRoom") };
    },
  },
  joinMeeting: {
    INVALID_INPUT: async ({ gateway }) => {
      return { input: { meetingId: await newMeeting(gateway), ...viewer, fullName: tooLong } };
    },
    NOT_FOUND: async ({ nobodysId }) => ({ input: { meetingId: nobodysId, ...viewer } }),
    INVALID_PASSWORD: async (world) => {
      const meetingId = await running(world, { attendeePassword: "right" });
      return { input: { meetingId, ...viewer, password: "wrong" } };
    },
    TOO_MANY_ATTEMPTS: (world) => guessedAt(world, "joinMeeting", { fullName: "M", role: "MODERATOR", password: "no" }),
    MEETING_NOT_RUNNING: async ({ gateway }) => ({ input: { meetingId: await newMeeting(gateway), ...viewer } }),
    ATTENDANCE_LIMIT_REACHED: async (world) => {
      const { input, ...rest } = await full(world);
      return { input: { ...input, ...viewer }, ...rest };
    },
    // The engine is not called for this: another call's start does not come to its end.
    ENGINE_FAILED: async (world) => {
      const meetingId = await running(world);
      set(world.gateway, "STARTING", meetingId);
      return { input: { meetingId, ...viewer }, after: () => set(world.gateway, "RUNNING", meetingId) };
    },
  },
  endMeeting: {
    INVALID_INPUT: malformed,
    NOT_FOUND: missing,
    MEETING_NOT_RUNNING: async ({ gateway }) => ({ input: { meetingId: await newMeeting(gateway) } }),
    ENGINE_FAILED: async (world) => ({ input: { meetingId: await running(world) }, ...failing(world, "closeRoom") }),
  },
  deleteMeeting: {
    INVALID_INPUT: malformed,
    NOT_FOUND: missing,
    MEETING_ALREADY_RUNNING: async (world) => ({ input: { meetingId: await running(world) } }),
  },
  updateGeneralMeetingSettings: {
    INVALID_INPUT: async () => ({ input: { settings: { record: null } } }),
  },
  updateRecording: {
    INVALID_INPUT: async () => ({ input: { recordingId: "no-uuid", isPublished: true } }),
    NOT_FOUND: async ({ nobodysId }) => ({ input: { recordingId: nobodysId, isPublished: true } }),
    RECORDING_NOT_READY: async (world) => {
      return { input: { recordingId: await recording(world, "PROCESSING"), isPublished: true } };
    },
    ENGINE_FAILED: async (world) => {
      return {
        input: { recordingId: await recording(world, "READY"), isPublished: false },
        ...failing(world, "publish"),
      };
    },
  },
  deleteRecording: {
    INVALID_INPUT: async () => ({ input: { recordingId: "no-uuid" } }),
    NOT_FOUND: async ({ nobodysId }) => ({ input: { recordingId: nobodysId } }),
    ENGINE_FAILED: async (world) => {
      return { input: { recordingId: await recording(world, "READY") }, ...failing(world, "remove", "list") };
    },
  },
  createAccessToken: {
    INVALID_INPUT: async () => ({ input: { scopes: [] } }),
    NOT_FOUND: async ({ nobodysId }) => ({ input: { scopes: ["MEETINGS_READ"], meetingId: nobodysId } }),
  },
  removePerson: ofPeople({}),
  setPersonRole: ofPeople({ role: "MODERATOR" }),
  updateSessionSettings: {
    INVALID_INPUT: async ({ nobodysId }) => ({
      input: { sessionId: nobodysId, settings: { lockSettingsDisableMic: null } },
    }),
    NOT_FOUND: async ({ nobodysId }) => ({ input: { sessionId: nobodysId, settings: {} } }),
    SESSION_NOT_RUNNING: async (world) => ({ input: { sessionId: (await over(world)).sessionId, settings: {} } }),
    NOT_SUPPORTED_BY_ENGINE: async (world) => {
      const { sessionId, after } = await runElsewhere(world);
      return { input: { sessionId, settings: {} }, after };
    },
  },
  revokeAccessToken: {
    INVALID_INPUT: async () => ({ input: { tokenId: "no-uuid" } }),
    NOT_FOUND: async ({ nobodysId }) => ({ input: { tokenId: nobodysId } }),
  },
};
