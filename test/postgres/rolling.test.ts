import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import { stop } from "../start/process.js";
import { partnerOf } from "../helpers/partner.js";
import { openBalancer, program, STAYS, Visitor } from "./several.js";

async function classOver(count: number) {
  const url = await postgresDatabase();
  const balancer = await openBalancer();
  const start = async () => {
    const started = await program(url, { DRAIN_DELAY_SECONDS: "0.5" });
    await balancer.add(started.address);
    return started;
  };
  const servers = [await start(), await start()] as const;
  const partner = partnerOf(balancer.url, servers[0].key, { keepsLines: false });
  const meetingId = await createMeeting(partner);
  const links = [await startMeeting(partner, meetingId)];
  while (links.length < count) links.push(await joinMeeting(partner, meetingId, `person ${links.length}`));
  const people = links.map((link) => new Visitor(balancer.url, link));
  await expect.poll(() => people.filter(({ isInside }) => isInside).length, { timeout: 10_000 }).toBe(count);
  return { url, balancer, start, servers, partner, meetingId, people, sessionId: sessionOf(links[0] as string) };
}

test("one server after the other is restarted: nobody is lost or inside twice, and every call is answered", async () => {
  const { url, start, servers, partner, people } = await classOver(10);
  const statuses: (number | string)[] = [];
  const calls = { areOver: false };
  const calling = (async () => {
    while (!calls.areOver) {
      const write = statuses.length % 3 === 0;
      const answer = write
        ? createMeeting(partner).then(() => 201)
        : partner.v1("list_meetings").then(({ status }) => status);
      statuses.push(await answer.catch((error: Error) => error.message));
      await sleep(20);
    }
  })();
  for (const server of servers) {
    await stop(server);
    await start();
  }
  await expect.poll(() => people.filter(({ isInside }) => isInside).length, { timeout: 15_000 }).toBe(10);
  calls.areOver = true;
  await calling;
  expect(statuses.length).toBeGreaterThan(20);
  expect(statuses.filter((status) => status !== 200 && status !== 201)).toEqual([]);
  expect(await askPostgres(url, STAYS)).toEqual([{ stays: 10, open: 10, people: 10 }]);
  for (const person of people) person.leave();
});

test("a server is killed: its people are back at the other, who does not come back has left within seconds, and the session goes on", async () => {
  const { url, servers, partner, meetingId, people, sessionId } = await classOver(6);
  const [home] = await askPostgres<{ address: string }>(
    url,
    "SELECT address FROM instances JOIN sessions ON home_id = instances.id WHERE sessions.id = $1",
    [sessionId],
  );
  const killed = servers.find(({ address }) => address === home?.address);
  const [, , lost, ...others] = people;
  killed?.child.kill("SIGKILL");
  lost?.leave();
  const killedAt = performance.now();
  const back = () => [...people.slice(0, 2), ...others].filter(({ isInside, comes }) => isInside && comes > 1).length;
  await expect.poll(back, { timeout: 15_000, interval: 100 }).toBe(5);
  const backAfter = performance.now() - killedAt;
  const inside = async () => (await askPostgres<{ open: number }>(url, STAYS))[0]?.open;
  await expect.poll(inside, { timeout: 30_000, interval: 200 }).toBe(5);
  expect(backAfter).toBeLessThan(12_000);
  expect(performance.now() - killedAt).toBeLessThan(25_000);
  // They went on with the same stay.
  expect(await askPostgres(url, STAYS)).toEqual([{ stays: 6, open: 5, people: 6 }]);
  expect((await partner.v1(`end_meeting?meeting_id=${meetingId}`)).status).toBe(200);
  for (const person of people) person.leave();
});

test("a server that was paused for longer than it is thought to live gives way: its people are at the other, and nobody is inside twice", async () => {
  const { url, servers, people, sessionId } = await classOver(4);
  const homeOf = "SELECT address FROM instances JOIN sessions ON home_id = instances.id WHERE sessions.id = $1";
  const home = async () => (await askPostgres<{ address: string }>(url, homeOf, [sessionId]))[0]?.address;
  const first = await home();
  const paused = servers.find(({ address }) => address === first);
  const other = servers.find(({ address }) => address !== first);
  paused?.child.kill("SIGSTOP");
  // Somebody whose page noticed comes to the other one.
  const early = new Visitor(other?.address ?? "", people[0]?.link ?? "");
  await expect.poll(() => early.isInside, { timeout: 20_000, interval: 100 }).toBe(true);
  expect(await home()).toBe(other?.address);
  paused?.child.kill("SIGCONT");
  people[0]?.leave();
  const inside = () => people.slice(1).filter(({ isInside, comes }) => isInside && comes > 1).length;
  await expect.poll(inside, { timeout: 15_000, interval: 100 }).toBe(3);
  expect(await askPostgres(url, STAYS)).toEqual([{ stays: 4, open: 4, people: 4 }]);
  for (const person of [early, ...people]) person.leave();
});
