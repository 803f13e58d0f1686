import { expect, test } from "vitest";
import { recordEvent } from "../../src/domain/events/events.js";
import { revokeLicense } from "../../src/domain/license/revoke-license.js";
import { boot, temporaryFolder } from "../helpers/boot.js";
import { openBeside } from "../helpers/beside.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { insertRecording } from "../helpers/rows.js";
import { followed, overSocket } from "../graphql/live/clients.js";

test("an event names its recording, and its followers are shown that recording", async () => {
  const gateway = await boot();
  const { storage, clock } = gateway.opened.services;
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const session = await storage.read.sessions.findAnyones(sessionOf(link));
  if (!session) throw new Error("the session is not there");
  const id = insertRecording(gateway, session.id);
  const heard = overSocket(
    gateway,
    { license: gateway.key },
    { query: "subscription { recordingChanged { recording { id } } }" },
  );
  await followed(gateway, 1);
  await storage.transaction((tx) =>
    recordEvent({
      tx,
      type: "recording.changed",
      origin: { door: "ENGINE" },
      at: clock.now(),
      session,
      recording: { id },
      facts: { source: "WEBHOOK", status: "READY", isPublished: true, change: "PUBLISHED" },
    }),
  );
  expect(await heard.next()).toEqual({ data: { recordingChanged: { recording: { id } } } });
});

test("an event that lacks its subject or its facts, or tells what is not of its kind, does not compile", () => {
  type Event = Parameters<typeof recordEvent>[0];
  const common = {} as Pick<Event, "tx" | "origin" | "at">;
  const session = { id: "s", meetingId: "m" } as Extract<Event, { type: "session.started" }>["session"];
  const right: Event[] = [
    { ...common, type: "session.started", session },
    { ...common, type: "session.ended", session, facts: { cause: "API" } },
  ];
  const wrong: Event[] = [
    // @ts-expect-error -- no session
    { ...common, type: "session.started" },
    // @ts-expect-error -- no cause
    { ...common, type: "session.ended", session },
    // @ts-expect-error -- no such cause
    { ...common, type: "session.ended", session, facts: { cause: "BORED" } },
    // @ts-expect-error -- a start tells nothing besides
    { ...common, type: "session.started", session, facts: { name: "a person's" } },
    // @ts-expect-error -- no recording
    { ...common, type: "recording.changed", session },
    // @ts-expect-error -- no such event
    { ...common, type: "session.paused", session },
  ];
  expect([right.length, wrong.length]).toEqual([2, 6]);
});

test("no rule reads its state from events: with all of them deleted, a revoked demo license stays revoked, and live doors go on", async () => {
  const folder = temporaryFolder();
  const env = { SECRET_KEY: "0123456789abcdef0123456789abcdef" };
  const first = await boot({ folder, env });
  const { services } = first.opened;
  const demo = (await services.storage.read.licenses.list()).find(({ isDemo }) => isDemo);
  if (!demo) throw new Error("there is no demo license");
  await revokeLicense(services, { door: "CLI" }, demo.id, { endSessions: false });
  await first.stop();
  const db = openBeside(first);
  db.exec("DELETE FROM events");
  db.close();

  const again = await boot({ folder, env });
  expect(again.demoKey).toBeUndefined();
  const query = "subscription { sessionStarted { session { id } } }";
  const heard = overSocket(again, { license: again.key }, { query });
  await followed(again, 1);
  const link = await startMeeting(again, await createMeeting(again));
  expect(await heard.next()).toEqual({ data: { sessionStarted: { session: { id: sessionOf(link) } } } });
});
