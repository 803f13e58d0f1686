import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { forgetWhatIsOver } from "../../../src/domain/forgetting.js";
import { boot } from "../../helpers/boot.js";
import { following } from "../../helpers/recordings.js";
import { playbackUrlOf, recordedSession } from "../../helpers/recorded.js";

const DAY = 24 * 60 * 60 * 1000;
const quick = { recordSweep: 50 };

test("recordings that are too old are deleted with their files, and who follows them hears of it", async () => {
  const gateway = await boot({ timings: quick, env: { RETENTION_RECORDINGS_DAYS: "7" } });
  const { services, config } = gateway.opened;
  const old = await recordedSession(gateway);
  const url = await playbackUrlOf(gateway, old.sessionId);
  gateway.clock.forward(4 * DAY);
  const young = await recordedSession(gateway);
  await playbackUrlOf(gateway, young.sessionId);
  const done = () => readdirSync(`${gateway.folder}/recordings/done`);
  await forgetWhatIsOver(services, config.retention);
  expect(done()).toHaveLength(2);
  gateway.clock.forward(4 * DAY);
  const heard = await following(gateway);
  await forgetWhatIsOver(services, config.retention);
  expect(done()).toEqual([young.sessionId]);
  expect(await heard.next()).toMatchObject({ change: "DELETED" });
  expect((await fetch(url)).status).toBe(404);
  expect((await gateway.v1(`get_record?session_id=${old.sessionId}`)).status).toBe(404);
  await playbackUrlOf(gateway, young.sessionId);
});

test("a session that is forgotten leaves no file behind, and nobody who recorded it", async () => {
  const gateway = await boot({ timings: quick });
  const { sessionId } = await recordedSession(gateway);
  await playbackUrlOf(gateway, sessionId);
  gateway.clock.forward(3 * DAY);
  await forgetWhatIsOver(gateway.opened.services, { events: 1, recordings: 0, sessions: 2 });
  expect(readdirSync(`${gateway.folder}/recordings/done`)).toEqual([]);
  const { body } = await gateway.graphql(`{ session(id: "${sessionId}") { recordingRuns { startedAt } } }`);
  expect(body.data.session).toBeNull();
});
