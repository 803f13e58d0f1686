import { expect, onTestFinished, test } from "vitest";
import { openBeside } from "../helpers/beside.js";
import { boot, ofFiles } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { until } from "../room/rows.js";

const heartbeat = 5;

async function watched() {
  const gateway = await boot({ timings: { heartbeat, sweep: 5 } });
  const other = openBeside(gateway);
  onTestFinished(() => void other.close());
  const link = await startMeeting(gateway, await createMeeting(gateway));
  return { gateway, other, link };
}

// Of several servers of PostgreSQL each says that it lives, whether somebody is in it or not.
ofFiles("a server that nobody is in commits nothing", async () => {
  const { other } = await watched();
  // Moves with each commit of another connection.
  const commits = () => other.pragma("data_version", { simple: true });
  const before = commits();
  await new Promise((resolve) => setTimeout(resolve, 20 * heartbeat));
  expect(commits()).toBe(before);
});

test("drain-1: the heartbeat is in the database while someone is inside", async () => {
  const { gateway, other, link } = await watched();
  const { instanceId } = gateway.opened.services;
  const seenAt = () => other.prepare("SELECT seen_at FROM instances WHERE id = ?").pluck().get(instanceId);
  const client = gateway.socket();
  await client.enter(link);
  const first = seenAt();
  const second = await until(() => (seenAt() === first ? undefined : seenAt()), "a heartbeat");
  await until(() => (seenAt() as number) > (second as number), "the next one");
});
