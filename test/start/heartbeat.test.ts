import { expect, onTestFinished, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { until } from "../room/rows.js";
import { openBeside } from "../helpers/beside.js";

test("drain-1: the heartbeat is in the database while someone is inside; a server that nobody is in commits nothing", async () => {
  const heartbeat = 5;
  const gateway = await boot({ timings: { heartbeat, sweep: 5 } });
  const { instanceId } = gateway.opened.services;
  const other = openBeside(gateway);
  onTestFinished(() => void other.close());
  // Moves with each commit of another connection.
  const commits = () => other.pragma("data_version", { simple: true });
  const seenAt = () => other.prepare("SELECT seen_at FROM instances WHERE id = ?").pluck().get(instanceId);

  const link = await startMeeting(gateway, await createMeeting(gateway));
  const before = commits();
  await new Promise((resolve) => setTimeout(resolve, 20 * heartbeat));
  expect(commits()).toBe(before);

  const client = gateway.socket();
  await client.enter(link);
  const first = seenAt();
  const second = await until(() => (seenAt() === first ? undefined : seenAt()), "a heartbeat");
  await until(() => (seenAt() as number) > (second as number), "the next one");
});
