import { expect, test } from "vitest";
import { explain } from "../../src/cli/complaint.js";
import { endByOperator } from "../../src/domain/session/end-session.js";
import { endEmptyRooms } from "../../src/domain/session/empty-rooms.js";
import { mutate, newMeeting, start } from "../graphql/ask.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { troubledBuiltin } from "../helpers/test-engine.js";
import { type ForEach, ofOthers } from "./lists.js";
import { openBeside } from "../helpers/beside.js";

type Case = () => Promise<void>;

async function runningWith(engine = troubledBuiltin()) {
  const gateway = await boot({ openEngine: engine.open, timings: { sweep: 3_600_000, hold: 0 } });
  const opened = await start(gateway, await newMeeting(gateway));
  const status = async () =>
    (await gateway.opened.services.storage.read.sessions.findAnyones(opened.sessionId))?.status;
  return { gateway, engine, status, ...opened };
}

/** The page behind the link says why not, and so, in the same words, does the room's socket. */
async function refusedAtBoth(gateway: Gateway, link: string, expected: number): Promise<void> {
  const page = await fetch(link, { redirect: "manual" });
  expect(page.status).toBe(expected);
  const frame = await gateway.socket().enter(link);
  expect(frame).toMatchObject({ type: "refused", message: expect.stringMatching(/\S/) });
  expect(await page.text()).toContain(frame.message);
}

/** At the page and at the socket. */
const atBoth = {
  SESSION_OVER: async () => {
    const { gateway, joinUrl, sessionId } = await runningWith();
    await endByOperator(gateway.opened.services, { door: "CLI" }, sessionId);
    await refusedAtBoth(gateway, joinUrl, 410);
  },
  REMOVED: async () => {
    const { gateway, joinUrl } = await runningWith();
    const { person } = await gateway.socket().enter(joinUrl);
    await mutate(gateway, "removePerson", { personId: person.id });
    await refusedAtBoth(gateway, joinUrl, 403);
  },
  ATTENDANCE_LIMIT_REACHED: async () => {
    const gateway = await boot();
    const call = await gateway.license({ maxAttendance: 1 });
    const meetingId = await newMeeting(gateway, {}, { key: call.key });
    const links = [
      (await start(gateway, meetingId, {}, { key: call.key })).joinUrl,
      (await start(gateway, meetingId, {}, { key: call.key })).joinUrl,
    ];
    await gateway.socket().enter(links[0] ?? "");
    await refusedAtBoth(gateway, links[1] ?? "", 409);
  },
};

const cases: ForEach<typeof ofOthers, Case> = {
  openLink: {
    ...atBoth,
    LINK_TAMPERED: async () => {
      const { gateway, joinUrl } = await runningWith();
      await refusedAtBoth(gateway, joinUrl.replace("fullName=Mod", "fullName=Other"), 403);
    },
    ENGINE_FAILED: async () => {
      const { gateway, joinUrl, sessionId } = await runningWith();
      const database = openBeside(gateway);
      database.prepare("UPDATE sessions SET engine = 'gone' WHERE id = ?").run(sessionId);
      database.close();
      const page = await fetch(joinUrl, { headers: { "accept-language": "en" } });
      expect([page.status, await page.text()]).toEqual([502, expect.stringContaining("be reached")]);
    },
  },
  enterRoom: atBoth,
  endReported: {
    ENGINE_FAILED: async () => {
      const { gateway, engine, joinUrl, status } = await runningWith();
      const moderator = gateway.socket();
      expect((await moderator.enter(joinUrl)).type).toBe("entered");
      engine.fail("closeRoom");
      await moderator.say({ type: "end" });
      expect(await moderator.frame("refused")).toMatchObject({ code: "NOT_ENDED" });
      expect(await status()).toBe("RUNNING");
    },
  },
  endByOperator: {
    ENGINE_FAILED: async () => {
      const { gateway, engine, sessionId, status } = await runningWith();
      engine.fail("closeRoom");
      const refused: unknown = await endByOperator(gateway.opened.services, { door: "CLI" }, sessionId).catch(
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({ name: "Refusal", code: "ENGINE_FAILED" });
      expect(explain(refused)).toContain("try again");
      expect(await status()).toBe("RUNNING");
    },
  },
  endEmptyRooms: {
    ENGINE_FAILED: async () => {
      const { gateway, engine, joinUrl, status } = await runningWith();
      const client = gateway.socket();
      await client.enter(joinUrl);
      await client.say({ type: "leave" });
      await client.closing();
      gateway.clock.forward(120_000);
      engine.fail("closeRoom");
      await endEmptyRooms(gateway.opened.services, 1)();
      expect([engine.calls("closeRoom"), await status()]).toEqual([1, "RUNNING"]);
      engine.mend("closeRoom");
      await endEmptyRooms(gateway.opened.services, 1)();
      expect([engine.calls("closeRoom"), await status()]).toEqual([2, "ENDED"]);
    },
  },
};

for (const [useCase, ofUseCase] of Object.entries(cases) as [keyof typeof cases, Record<string, Case>][]) {
  for (const code of ofOthers[useCase]) {
    test(`${useCase} is refused with ${code}, and whoever is there is told`, async () => {
      expect(Object.keys(ofUseCase)).toContain(code);
      await ofUseCase[code]?.();
    });
  }
}
