import { expect, test } from "vitest";
import { environmentFor, temporaryFolder } from "../helpers/databases.js";
import { bigbluebutton } from "../peers/bigbluebutton/index.js";
import { runInside } from "./tool.js";

const check = async (env: Record<string, string>, ...name: string[]) =>
  runInside({ ...(await environmentFor(temporaryFolder())), ...env }, ["engine", "check", ...name]);

test("engine check opens a room, asks for it, ends it, and says what that server can't do; no secret is shown", async () => {
  const peer = await bigbluebutton();
  const { code, stdout, stderr } = await check(peer.env);
  expect([code, stdout.split("\n").filter((line) => /^(?:ok|FAILS|Engine|Sessions)/.test(line))]).toEqual([
    0,
    [
      `Engine bigbluebutton: BigBlueButton at ${new URL(peer.url).host}`,
      "ok    it answers",
      "ok    it opens a room",
      "ok    it tells of the room",
      "ok    it takes the same room again for the same",
      "ok    it ends the room",
      "ok    the room is gone",
      "Sessions can run there.",
    ],
  ]);
  expect(stdout).toContain("bbb-webhooks answers");
  expect(peer.calls("end")).toHaveLength(1);
  expect(stdout + stderr).not.toContain(peer.secret);
});

test("engine check says what the server lacks, and which setting is wrong, and then ends with 1", async () => {
  const peer = await bigbluebutton({ flavour: "plugnmeet" });
  const wrong = await check({ ...peer.env, BBB_SECRET: "another" }, "bigbluebutton");
  expect(wrong.stdout).toMatch(/It can't:\n[^]*lock the layout[^]*has no webhooks/);
  const said =
    "FAILS it answers: isMeetingRunning: FAILED, checksumError: the secret or the checksum's algorithm is not the server's";
  expect([wrong.code, wrong.stdout]).toEqual([1, expect.stringContaining(`${said} (its options secret and checksum)`)]);
  await peer.stop();
  const gone = await check(peer.env);
  expect([gone.code, gone.stdout]).toEqual([1, expect.stringContaining("FAILS it answers: ECONNREFUSED")]);
});

test("wrong settings are named before anything is opened; an unknown name says which there are", async () => {
  const wrong = await check({ ENGINE: "bigbluebutton", BBB_URL: "bbb" });
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/BBB_URL: must be the http[^]*BBB_SECRET: is required beside ENGINE=bigbluebutton/),
  ]);
  const unknown = await check({}, "nothing");
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("there are builtin")]);
  const builtin = await check({});
  expect([builtin.code, builtin.stdout]).toEqual([0, expect.stringContaining("Engine builtin\nok    it answers")]);
});
