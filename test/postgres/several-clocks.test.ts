import { expect, test } from "vitest";
import type { Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { bootSeveral } from "./several.js";

const AHEAD_MS = 50_000;

test("two servers whose clocks differ by most of a minute run one meeting: no time is negative, and links, tokens and rooms of one hold at the other", async () => {
  const { gateways } = await bootSeveral(2, { timings: { heartbeat: 200 } });
  const [one, other] = gateways as [Gateway, Gateway];
  other.clock.forward(AHEAD_MS);
  const { clock, neighbours } = other.opened.services;
  expect(clock.now().getTime() - one.opened.services.clock.now().getTime()).toBeGreaterThan(AHEAD_MS - 1_000);
  await expect.poll(() => neighbours.isSure()).toBe(true);
  for (const [first, second] of [
    [one, other],
    [other, one],
  ] as const) {
    const meetingId = await createMeeting(first);
    const link = await startMeeting(second, meetingId);
    const people = [first.socket(), second.socket()] as const;
    const links = [link, await joinMeeting(first, meetingId, "guest")] as const;
    for (const [at, person] of people.entries()) {
      expect((await person.enter(links[at] as string)).type).toBe("entered");
    }
    expect((await first.v1(`end_meeting?meeting_id=${meetingId}`)).status).toBe(200);
    const query = `query S($id: ID!) { session(id: $id) { startedAt endedAt
      attendances { nodes { joinedAt leftAt durationSeconds } } } }`;
    const { body } = await second.graphql(query, { id: sessionOf(link) });
    const { startedAt, endedAt, attendances } = body.data.session;
    expect(attendances.nodes).toHaveLength(2);
    expect(Date.parse(endedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
    for (const { joinedAt, leftAt, durationSeconds } of attendances.nodes) {
      expect(Date.parse(leftAt)).toBeGreaterThanOrEqual(Date.parse(joinedAt));
      expect(durationSeconds).toBeGreaterThanOrEqual(0);
    }
  }
  const made = await one.graphql(
    `mutation { createAccessToken(input: { scopes: [MEETINGS_READ], expiresInSeconds: 300 }) { ... on CreateAccessTokenSuccess { token } __typename } }`,
  );
  const { token } = made.body.data.createAccessToken;
  const shown = await other.graphql(
    "{ meetings { totalCount } }",
    {},
    { key: null, headers: { authorization: `Bearer ${token}` } },
  );
  expect(shown.body.data?.meetings.totalCount).toBe(2);
});
