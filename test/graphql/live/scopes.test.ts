import { expect, test } from "vitest";
import { type AccessScope, scopeMeanings } from "../../../src/domain/license/scopes.js";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot } from "../../helpers/boot.js";
import { mutate, newMeeting, newToken, start } from "../ask.js";
import { doors } from "./clients.js";

const allScopes = Object.keys(scopeMeanings) as AccessScope[];
const overStream = doors["Server-Sent Events"];

/** What a subscription needs beside EVENTS_READ. Whoever adds one says it here. */
const subscriptions: Record<string, AccessScope> = {
  attendanceChanged: "ATTENDANCE_READ",
  attendanceJoined: "ATTENDANCE_READ",
  attendanceLeft: "ATTENDANCE_READ",
  recordingChanged: "RECORDINGS_READ",
  sessionChanged: "MEETINGS_READ",
  sessionEnded: "MEETINGS_READ",
  sessionStarted: "MEETINGS_READ",
};

test("every subscription has a rule: with every scope but one of its two it is FORBIDDEN, with just the two it is not", async () => {
  const fields = Object.keys(buildGraph().getSubscriptionType()?.getFields() ?? {});
  expect(fields.toSorted()).toEqual(Object.keys(subscriptions));
  const gateway = await boot();
  for (const [field, scope] of Object.entries(subscriptions)) {
    // An event nobody knows is refused by the field itself, which shows that it was let in.
    const query = `subscription { ${field}(after: "x") { __typename } }`;
    const first = async (scopes: AccessScope[]) => {
      const { token } = await newToken(gateway, scopes);
      const { errors } = await overStream(gateway, { accessToken: token }, { query }).next();
      return [errors[0].extensions.code, errors[0].extensions.requiredScopes];
    };
    for (const lacking of ["EVENTS_READ", scope] as const) {
      const refused = await first(allScopes.filter((each) => each !== lacking));
      expect([field, refused]).toEqual([field, ["FORBIDDEN", [lacking]]]);
    }
    expect([field, await first(["EVENTS_READ", scope])]).toEqual([field, ["BAD_USER_INPUT", undefined]]);
  }
});

test("a token for one meeting hears of it alone, and can neither ask for another nor go on from its events", async () => {
  const gateway = await boot();
  const [mine, other] = [await newMeeting(gateway), await newMeeting(gateway)];
  const { token } = await newToken(gateway, allScopes, { meetingId: mine });
  const hear = (args: string, credentials: { accessToken: string } | { license: string } = { accessToken: token }) =>
    overStream(gateway, credentials, { query: `subscription { sessionEnded${args} { id session { id } } }` });
  const all = hear("", { license: gateway.key });
  const [plain, own] = [hear(""), hear(`(meetingId: "${mine}")`)];
  const run = async (meetingId: string) => {
    const { sessionId } = await start(gateway, meetingId);
    await mutate(gateway, "endMeeting", { meetingId });
    return sessionId;
  };
  // Until a subscription is heard there is no telling that it has begun.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const theirs = await run(other);
  const ours = await run(mine);
  const foreign = (await all.next()).data.sessionEnded;
  expect(foreign.session.id).toBe(theirs);
  for (const heard of [plain, own]) expect((await heard.next()).data.sessionEnded.session.id).toBe(ours);
  for (const args of [`(meetingId: "${other}")`, `(after: "${foreign.id}")`]) {
    expect((await hear(args).next()).errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  }
});
