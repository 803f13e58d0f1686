import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../bench/processes.js";
import { hasProxy, type Proxy, type ProxyName, startProxy } from "../../bench/proxy.js";
import { MOST_STRANGERS } from "../../src/engine/builtin/strangers.js";
import { temporaryFolder } from "../helpers/boot.js";
import { newAuthority } from "../helpers/certificates.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import { RoomClient } from "../helpers/room-client.js";
import { stop } from "../start/process.js";
import { partnerOf } from "../helpers/partner.js";
import { program, STAYS, Visitor } from "./several.js";

const names = ["haproxy", "nginx"] as const;
/** In CI both must be there. */
const isHere = (name: ProxyName) => hasProxy(name) || Boolean(process.env["CI"]);
for (const name of names)
  if (!isHere(name)) console.warn(`No ${name} on this machine: two servers behind it are not tested.`);

/** Two servers, at addresses that stay theirs, behind the proxy that the docs have a file for. */
async function behind(name: ProxyName, { pem, env }: { pem?: string; env?: Record<string, string> } = {}) {
  const url = await postgresDatabase();
  const ports = [await freePort(), await freePort()];
  // What the docs say; nginx does not ask whether a server is ready, so it would be waited for in vain.
  const delay = name === "haproxy" ? "5" : "0";
  const start = (nth: number) =>
    program(url, { PORT: String(ports[nth]), DRAIN_DELAY_SECONDS: delay, TRUST_PROXY: "on", ...env });
  const servers = [await start(0), await start(1)] as const;
  const proxy = await startProxy(name, {
    folder: `${temporaryFolder()}/proxy`,
    servers: ports.map((port) => `127.0.0.1:${port}`),
    ...(pem !== undefined && { pem }),
    isHeard: true,
  });
  onTestFinished(() => proxy.stop());
  return { url, ports, start, servers, proxy, partner: partnerOf(proxy.url, servers[0].key, { keepsLines: false }) };
}

/** How many calls the proxy's log says this server has answered with 200: it names them by number, or by address. */
const served = (proxy: Proxy, nth: number, port = 0): number =>
  proxy.said().match(new RegExp(` (servers/server${nth}|127\\.0\\.0\\.1:${port}) \\S+ 200 `, "g"))?.length ?? 0;

/** Calls one after the other until it is told that it is over. @returns how each was answered */
function callOnAndOn(partner: ReturnType<typeof partnerOf>) {
  const statuses: (number | string)[] = [];
  const calls = { areOver: false };
  const calling = (async () => {
    while (!calls.areOver) {
      const answer =
        statuses.length % 3 === 0
          ? createMeeting(partner).then(() => 201)
          : partner.v1("list_meetings").then(({ status }) => status);
      statuses.push(await answer.catch((error: Error) => error.message));
      await sleep(20);
    }
  })();
  return async () => {
    calls.areOver = true;
    await calling;
    return statuses;
  };
}

/** Half a minute of waiting: what operators of several servers are told to take, always; the other one in CI. */
const isRestarted = (name: ProxyName) => isHere(name) && (name === "haproxy" || Boolean(process.env["CI"]));

test.for(names)(
  "behind %s one server after the other is restarted: every call is answered, and nobody is lost or inside twice",
  async (name, { skip }) => {
    skip(!isRestarted(name));
    const { url, ports, start, servers, proxy, partner } = await behind(name);
    const meetingId = await createMeeting(partner);
    const links = [await startMeeting(partner, meetingId)];
    while (links.length < 10) links.push(await joinMeeting(partner, meetingId, `person ${links.length}`));
    const people = links.map((link) => new Visitor(proxy.url, link));
    const inside = () => people.filter(({ isInside }) => isInside).length;
    await expect.poll(inside, { timeout: 10_000 }).toBe(10);
    const overKept = callOnAndOn(partnerOf(proxy.url, servers[0].key));
    const overNew = callOnAndOn(partner);
    for (const [nth, server] of servers.entries()) {
      await stop(server);
      await start(nth);
      const before = served(proxy, nth, ports[nth]);
      // The proxy has to see that it is there again, or there is nobody left when the next one ends.
      await expect.poll(() => served(proxy, nth, ports[nth]), { timeout: 20_000 }).toBeGreaterThan(before);
    }
    await expect.poll(inside, { timeout: 15_000 }).toBe(10);
    for (const over of [overKept, overNew]) {
      const statuses = await over();
      expect(statuses.length).toBeGreaterThan(100);
      const others = statuses.filter((status) => status !== 200 && status !== 201);
      // nginx asks nobody whether they are about to end: a write that comes in that moment may be tried again.
      expect(
        others.filter((said) => name === "haproxy" || !/create_meeting: .*"status_code":503/.test(String(said))),
      ).toEqual([]);
    }
    expect(await askPostgres(url, STAYS)).toEqual([{ stays: 10, open: 10, people: 10 }]);
    expect(people.filter(({ comes }) => comes > 1).length).toBeGreaterThan(4);
    for (const person of people) person.leave();
  },
);

test.for(names)(
  "%s believes no address that a caller says is theirs, and writes no link to its log",
  async (name, { skip }) => {
    skip(!isHere(name));
    const { proxy, partner } = await behind(name);
    // More than both servers together take of one address.
    const strangers = Array.from({ length: 2 * MOST_STRANGERS + 4 }, () => new RoomClient(proxy.url));
    await expect.poll(() => strangers.filter(({ closed }) => closed?.code === 1013).length).toBeGreaterThan(3);
    for (const stranger of strangers) stranger.cut();
    const link = await startMeeting(partner, await createMeeting(partner));
    const { pathname, search } = new URL(link);
    expect((await fetch(proxy.url + pathname + search)).status).toBe(200);
    await expect.poll(() => proxy.said()).toMatch(/GET/);
    expect(proxy.said()).not.toMatch(/checksum|sessionID|api/);
  },
);

test.for(names)(
  "%s ends TLS, sends elsewhere what is not encrypted, and passes WebSockets on",
  async (name, { skip }) => {
    skip(!isHere(name));
    const authority = newAuthority();
    const { certificate, key } = authority.issue("127.0.0.1");
    const pem = `${temporaryFolder()}/meet.pem`;
    writeFileSync(pem, certificate + key);
    chmodSync(pem, 0o600);
    const { proxy, servers } = await behind(name, { pem });
    const agent = new Agent({ ca: authority.certificate, keepAlive: true });
    onTestFinished(() => agent.destroy());
    const asked = request(`${proxy.url}/api/v1/list_meetings`, { agent, headers: { license: servers[0].key } });
    asked.end();
    const [response] = await once(asked, "response");
    expect(response.statusCode).toBe(200);
    response.resume();
    const plain = await fetch(`${proxy.plainUrl}/api/v1/list_meetings`, { redirect: "manual" });
    expect([plain.status, plain.headers.get("location")]).toEqual([301, expect.stringMatching(/^https:/)]);
    const socket = new WebSocket(`${proxy.url.replace("https", "wss")}/api/room`, { ca: authority.certificate });
    await once(socket, "open");
    socket.terminate();
  },
);

const unreachable = {
  ENGINE: "bigbluebutton",
  BBB_URL: "http://127.0.0.1:1/bigbluebutton/",
  BBB_SECRET: "nobody-hears-it",
};

test.for(names)("behind %s what servers can do that are not ready is done all the same", async (name, { skip }) => {
  skip(!isHere(name));
  const { proxy, ports, partner } = await behind(name, { env: unreachable });
  const ready = () => Promise.all(ports.map((port) => fetch(`http://127.0.0.1:${port}/health/ready`)));
  await expect.poll(async () => (await ready()).map(({ status }) => status), { timeout: 30_000 }).toEqual([503, 503]);
  // Longer than the proxy takes to see that.
  await sleep(4_000);
  const { status, body } = await partner.v1("list_meetings");
  expect([status, body.message]).toEqual([200, "success"]);
  const start = await fetch(`${proxy.url}/health/ready`);
  expect([start.status, await start.json()]).toEqual([503, expect.objectContaining({ failed: ["engine"] })]);
});

/** What servers take of one address that has not said whose its sockets are; docs/limits.md. */
const GUESTS_OF_ONE = 200;

test.for(names)(
  "behind %s who is refused a socket by every server takes nothing from the others",
  async (name, { skip }) => {
    skip(!isHere(name));
    const { proxy, partner } = await behind(name);
    const refused: number[] = [];
    const guests = Array.from({ length: 2 * GUESTS_OF_ONE + 10 }, async () => {
      const socket = new WebSocket(`${proxy.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
      onTestFinished(() => socket.terminate());
      socket.on("error", () => {});
      socket.once("unexpected-response", (_request, { statusCode = 0 }) => void refused.push(statusCode));
      await Promise.race([once(socket, "open"), once(socket, "unexpected-response")]);
    });
    await Promise.all(guests);
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => partner.v1("list_meetings").then((a) => a.status)),
    );
    expect(new Set(refused)).toEqual(new Set([503]));
    expect(new Set(statuses)).toEqual(new Set([200]));
  },
);
