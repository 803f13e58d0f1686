import { expect, test } from "vitest";
import { boot, stoppedClock } from "../../helpers/boot.js";
import { expectRefusal, post, runningMeeting } from "../calls.js";

test("error-2: after ten wrong passwords 429 with Retry-After, also to the right one, until the wait is over", async () => {
  let now = Date.now();
  const gateway = await boot({ clock: stoppedClock(() => now) });
  const create = { moderator_password: "modpwd" };
  const { meetingId } = await runningMeeting(gateway, create, { ...create, attendee_password: "attpwd" });
  const start = (moderator_password: string) =>
    post(gateway, "start_meeting/", { meeting_id: meetingId, moderator_name: "A", moderator_password });
  const join = (role: string, password: string) =>
    post(gateway, "join_meeting/", { meeting_id: meetingId, fullname: "A", role, password });

  for (const [attempt, right] of [
    [start, "modpwd"],
    [(password: string) => join("viewer", password), "attpwd"],
  ] as const) {
    for (let at = 0; at < 10; at += 1) expectRefusal(await attempt("wrong"), 401, "The password is not right.");
    for (const password of ["wrong", right]) {
      const slowed = await attempt(password);
      expectRefusal(slowed, 429, "Too many wrong passwords were tried. Try again in 1 seconds.");
      expect(slowed.headers.get("retry-after")).toBe("1");
      expect(slowed.headers.get("cache-control")).toBe("no-store");
    }
    now += 1000;
    expectRefusal(await attempt("wrong"), 401, "The password is not right.");
    const longer = await attempt(right);
    expectRefusal(longer, 429, "Too many wrong passwords were tried. Try again in 2 seconds.");
    expect(longer.headers.get("retry-after")).toBe("2");
    now += 2000;
    const through = await attempt(right);
    expect([through.status, through.headers.get("retry-after")]).toEqual([200, null]);
  }
  // A moderator's password is slowed by itself, whichever of the two calls shows it.
  for (let at = 0; at < 10; at += 1) await start("wrong");
  expect((await join("moderator", "modpwd")).headers.get("retry-after")).toBe("1");
  expect((await join("viewer", "attpwd")).status).toBe(200);
});
