import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { joinMeeting } from "../../helpers/meetings.js";
import { recordable, startRecording } from "../../helpers/recorded.js";

const fields = "startedAt stoppedAt isAutomatic stopCause startedBy { fullName } stoppedBy { fullName }";

test("the session says who recorded and when, whether it was asked to, and what stopped it", async () => {
  const gateway = await boot({ timings: { hold: 50 } });
  const { link, meetingId, sessionId } = await recordable(gateway);
  const secondLink = await joinMeeting(gateway, meetingId, "Sami", { role: "moderator" });
  const [moderator, second] = [gateway.socket(), gateway.socket()];
  await moderator.enter(link);
  await second.enter(secondLink);
  const runs = async (call = {}) =>
    (await gateway.graphql(`{ session(id: "${sessionId}") { recordingRuns { ${fields} } } }`, {}, call)).body.data
      .session.recordingRuns;
  expect(await runs()).toEqual([]);
  const before = gateway.clock.now();
  await startRecording(moderator);
  const started = { startedAt: expect.any(String), isAutomatic: false, startedBy: { fullName: "mod1" } };
  expect(await runs()).toEqual([{ ...started, stoppedAt: null, stopCause: null, stoppedBy: null }]);
  await second.say({ type: "record", on: false });
  await second.until(({ on }) => on === false);
  await startRecording(moderator);
  await moderator.say({ type: "leave" });
  await second.frame("record-please");
  await startRecording(second);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const stopped = { stoppedAt: expect.any(String) };
  const told = await runs();
  expect(told).toEqual([
    { ...started, ...stopped, stopCause: "STOPPED", stoppedBy: { fullName: "Sami" } },
    { ...started, ...stopped, stopCause: "TAKEN_OVER", stoppedBy: { fullName: "Sami" } },
    { ...started, ...stopped, stopCause: "ENDED", stoppedBy: null, isAutomatic: true, startedBy: { fullName: "Sami" } },
  ]);
  const instants = told.flatMap((run: Record<string, string>) => [run["startedAt"], run["stoppedAt"]]);
  expect(instants.toSorted()).toEqual(instants);
  expect(Date.parse(instants[0])).toBeGreaterThanOrEqual(before.getTime());
  const { key } = await gateway.license();
  const other = await gateway.graphql(`{ session(id: "${sessionId}") { recordingRuns { startedAt } } }`, {}, { key });
  expect(other.body.data.session).toBeNull();
});
