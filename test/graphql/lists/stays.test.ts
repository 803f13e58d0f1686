import { expect, test } from "vitest";
import { v7 as newId } from "uuid";
import { boot, type Gateway } from "../../helpers/boot.js";
import { ask } from "../ask.js";
import { furnished, nobodysId } from "../furnished.js";

const WENT_AND_CAME = 249;

/** One line that broke again and again before the stay that is open now; written as rows. */
async function restless({ opened }: Gateway, { attendanceId, sessionId }: { attendanceId: string; sessionId: string }) {
  await opened.services.storage.transaction(async (tx) => {
    for (let at = 0; at < WENT_AND_CAME; at += 1) {
      const joinedAt = new Date(Date.UTC(2022, 0, 1, 0, 0, at));
      await tx.stays.insert({ id: newId(), attendanceId, sessionId, joinedAt, leftAt: joinedAt, source: "RECOVERED" });
    }
  });
}

test("the stays of one person come in pages, in order, both ways; nothing reads all of them", async () => {
  const gateway = await boot();
  const ids = await furnished(gateway, "restless");
  await restless(gateway, ids);
  const read = async (args: string) => {
    const stays = `stays${args} { totalCount nodes { joinedAt leftAt source } pageInfo { endCursor hasNextPage } }`;
    const data = await ask(
      gateway,
      `{ node(id: "${ids.attendanceId}") { ... on Attendance { durationSeconds ${stays} } } }`,
    );
    return data.node.stays;
  };
  expect((await read("")).nodes).toHaveLength(20);
  const seen: string[] = [];
  for (let after = "", more = true; more; ) {
    const { nodes, pageInfo } = await read(`(first: 100${after && `, after: "${after}"`})`);
    seen.push(...nodes.map(({ joinedAt }: { joinedAt: string }) => joinedAt));
    ({ endCursor: after, hasNextPage: more } = pageInfo);
  }
  expect([seen.length, seen]).toEqual([WENT_AND_CAME + 1, seen.toSorted()]);
  const last = await read("(last: 1)");
  expect(last).toMatchObject({ totalCount: WENT_AND_CAME + 1, nodes: [{ leftAt: null, source: "LIVE" }] });
});

test("the stays of another license's person can't be reached, whatever the way", async () => {
  const gateway = await boot();
  const { attendanceId } = await furnished(gateway, "mine");
  const { key } = await gateway.license();
  const { read } = gateway.opened.services.storage;
  const request = { field: "JOINED_AT", direction: "ASC", limit: 10 } as const;
  const mine = await read.attendances.find(attendanceId);
  if (!mine) throw new Error("no attendance");
  const of = (licenseId: typeof mine.licenseId, meetingId: string | null = null) =>
    read.stays.listOfAttendances({ licenseId, meetingId }, [attendanceId], request);
  expect(await of(mine.licenseId)).toHaveLength(1);
  expect(await of(mine.licenseId, nobodysId)).toEqual([]);
  expect(await of(nobodysId as typeof mine.licenseId)).toEqual([]);
  expect(await ask(gateway, `{ node(id: "${attendanceId}") { id } }`, {}, { key })).toEqual({ node: null });
});
