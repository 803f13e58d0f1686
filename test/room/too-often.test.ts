import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { openBeside, runningMeeting } from "../v1/calls.js";

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
