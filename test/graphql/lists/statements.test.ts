import { expect, test } from "vitest";
import { v7 as newId } from "uuid";
import { authenticate } from "../../../src/domain/license/license.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { quiet, statementsDuring } from "../../helpers/rows.js";
import { ask } from "../ask.js";

/** Meetings with a session each and one person in it; written as rows, because a hundred entries take their time. */
async function withSessions({ opened, key }: Gateway, meetings: number): Promise<void> {
  const { storage } = opened.services;
  const known = await authenticate(opened.services, key);
  if ("denied" in known) throw new Error(known.denied);
  const licenseId = known.license.id;
  const at = new Date();
  await storage.transaction(async (tx) => {
    for (let number = 0; number < meetings; number += 1) {
      const [meetingId, sessionId] = [newId(), newId()];
      const common = { licenseId, settings: {} };
      const meeting = { id: meetingId, title: `m${number}`, titleKey: `m${number}`, createdAt: at, updatedAt: at };
      await tx.meetings.insert({ ...common, ...meeting });
      const session = { id: sessionId, meetingId, status: "RUNNING", title: `s${number}`, startedAt: at } as const;
      await tx.sessions.insert({ ...common, ...session, moderatorName: "m", engine: "builtin" });
      const person = { id: newId(), licenseId, sessionId, fullName: "p", fullNameKey: "p", joinedAt: at };
      await tx.attendances.enter({ ...person, role: "VIEWER" });
    }
  });
}

const nested = `{ meetings(first: 100) { nodes { title isRunning
  sessions(first: 4) { nodes { title status attendances(first: 8) { nodes { fullName durationSeconds } } } } } } }`;

test("meetings × sessions × attendances: at most 6 statements, and the same for 5 and for 100 meetings", async () => {
  const gateway = await boot(quiet);
  const counts: number[] = [];
  for (const more of [5, 95]) {
    await withSessions(gateway, more);
    let answer: {
      nodes: { title: string; sessions: { nodes: { title: string; attendances: { nodes: object[] } }[] } }[];
    };
    const ran = await statementsDuring(async () => {
      answer = (await ask(gateway, nested)).meetings;
    });
    counts.push(ran.length);
    const whole = answer!.nodes.every(({ title, sessions }) => {
      const [session] = sessions.nodes;
      return session?.title === title.replace("m", "s") && session.attendances.nodes.length === 1;
    });
    expect(whole).toBe(true);
  }
  expect(counts[0]).toBeLessThanOrEqual(6);
  expect(counts[1]).toBe(counts[0]);
});

test("every edge of every type is loaded for all its parents at once", async () => {
  const gateway = await boot(quiet);
  const everything = `{ sessions(first: 50) { totalCount pageInfo { hasNextPage hasPreviousPage } edges { node {
    meeting { title currentSession { id } } recording { id }
    attendances(first: 4) { totalCount nodes { session { id } stays(first: 4) { totalCount nodes { source } } } } } } } }`;
  const counts: number[] = [];
  for (const more of [2, 8]) {
    await withSessions(gateway, more);
    counts.push((await statementsDuring(() => ask(gateway, everything))).length);
  }
  expect(counts[1]).toBe(counts[0]);
});

test("totalCount and what lies beyond a page cost a statement only where they are selected", async () => {
  const gateway = await boot(quiet);
  await withSessions(gateway, 3);
  // From then on the caller is known.
  await ask(gateway, "{ license { name } }");
  const cost = async (selection: string) =>
    (await statementsDuring(() => ask(gateway, `{ meetings(first: 2) { ${selection} } }`))).length;
  const plain = await cost("nodes { id } pageInfo { endCursor hasNextPage hasPreviousPage }");
  expect(await cost("nodes { id }")).toBe(plain);
  expect(await cost("nodes { id } totalCount")).toBe(plain + 1);
});
