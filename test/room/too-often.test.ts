import { expect, test } from "vitest";
import { MOST_STRANGERS } from "../../src/engine/builtin/strangers.js";
import { boot, type RoomClient } from "../helpers/boot.js";
import { until } from "./rows.js";
import { runningMeeting } from "../v1/calls.js";
import { openBeside } from "../helpers/beside.js";

test("a link that enters and leaves in a loop is let in so many times a minute, and then fills no disk", async () => {
  const gateway = await boot({ env: { ENTRIES_PER_MINUTE: "5" } });
  const { join, moderatorLink } = await runningMeeting(gateway);
  const link = await join("Restless");
  const outcomes: string[] = [];
  for (let times = 0; times < 8; times += 1) {
    const person = gateway.socket();
    const { type, code } = await person.enter(link);
    outcomes.push(code ?? type);
    if (type === "entered") await person.say({ type: "leave" });
    const { code: closedWith } = await person.closing();
    expect(closedWith).toBe(type === "entered" ? 1000 : 1013);
  }
  expect(outcomes).toEqual([...Array<string>(5).fill("entered"), ...Array<string>(3).fill("TOO_OFTEN")]);
  const beside = openBeside(gateway);
  expect(beside.prepare("SELECT count(*) FROM stays").pluck().get()).toBe(5);
  beside.close();
  // Everybody else comes in as before.
  expect((await gateway.socket().enter(moderatorLink)).type).toBe("entered");
});

test("a line that breaks again and again comes back as often as a bad network makes it, by default", async () => {
  const gateway = await boot();
  const { moderatorLink } = await runningMeeting(gateway);
  for (let times = 0; times < 20; times += 1) {
    const person = gateway.socket();
    expect((await person.enter(moderatorLink)).type).toBe("entered");
    person.cut();
  }
});

test("twenty sockets of one address that show no link are taken, and no more: a further one is told to come again, others are not", async () => {
  const gateway = await boot();
  const { join } = await runningMeeting(gateway);
  const silent = Array.from({ length: MOST_STRANGERS }, () => gateway.socket());
  await Promise.all(silent.map((each) => each.ready()));
  const link = await join("Late");
  const further = gateway.socket();
  expect((await further.closing()).code).toBe(1013);
  // Who shows a link counts no more, whether it opens or not; and so does who is gone.
  expect((await (silent[0] as RoomClient).enter(link)).type).toBe("entered");
  silent[1]?.cut();
  for (let times = 0; times < 2; times += 1) {
    const instead = await until(async () => {
      const next = gateway.socket();
      const { type } = await next.enter(await join("Another")).catch(() => ({ type: "closed" }));
      return type === "entered" && next;
    });
    expect(instead.closed).toBeUndefined();
  }
});
