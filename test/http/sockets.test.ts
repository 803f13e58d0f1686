import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { guestLimits } from "../../src/http/guests.js";
import { socketLimits } from "../../src/http/sockets.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { rawRequest } from "../helpers/raw.js";

const protocols = { "/api/room": undefined, "/graphql": "graphql-transport-ws" } as const;
type Door = keyof typeof protocols;
const everyDoor = Object.keys(protocols) as Door[];

/** A masked frame; the mask is nothing, so that what is sent can be read. */
function frame(opcode: number, payload: string, isLast = true): Buffer {
  const bytes = Buffer.from(payload);
  const head = [opcode | (isLast ? 0x80 : 0)];
  if (bytes.length < 126) head.push(0x80 | bytes.length);
  else head.push(0x80 | 126, bytes.length >> 8, bytes.length & 255);
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), bytes]);
}

/** A text in this many pieces; the last of them is missing where it never ends. */
const pieces = (text: string, count: number, ends: boolean): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, (_, at) => {
      const piece = at === count - 1 ? text.slice(at) : (text[at] ?? "x");
      return frame(at === 0 ? 1 : 0, piece, ends && at === count - 1);
    }),
  );

/** Reads frame by frame, as a server sends them. */
function closeCodeIn(bytes: Buffer): number {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes[at + 1] ?? 0;
    if (bytes[at] === 0x88) return short < 2 ? 0 : bytes.readUInt16BE(at + 2);
    at += short < 126 ? 2 + short : 4 + bytes.readUInt16BE(at + 2);
  }
  return 0;
}

/** A WebSocket byte by byte, that answers nothing by itself; its status where it is not taken. */
async function upgraded({ url }: Pick<Gateway, "url">, door: Door, localAddress = "127.0.0.1") {
  const socket: Socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), localAddress });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  let received = Buffer.alloc(0);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const protocol = protocols[door];
  const headers = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...(protocol && { "sec-websocket-protocol": protocol }),
  };
  socket.write(rawRequest(door, { headers }));
  socket.on("data", (data: Buffer) => (received = Buffer.concat([received, data])));
  while (!received.includes("\r\n\r\n")) await once(socket, "data");
  const head = received.indexOf("\r\n\r\n") + 4;
  return {
    socket,
    status: Number(received.toString("latin1", 9, 12)),
    text: () => received.toString("latin1", head),
    /** The code that the server closed with, once its line is gone. */
    async code(): Promise<number> {
      await closed;
      return closeCodeIn(received.subarray(head));
    },
  };
}

test.each(everyDoor)(
  "%s: a message of more than 16 fragments is refused with 1008, one of 16 is taken",
  async (door) => {
    const gateway = await boot();
    const link = await startMeeting(gateway, await createMeeting(gateway));
    const hello =
      door === "/graphql"
        ? JSON.stringify({ type: "connection_init", payload: { license: gateway.key } })
        : JSON.stringify({ type: "enter", link: link.slice(link.indexOf("?") + 1) });
    const taken = await upgraded(gateway, door);
    taken.socket.write(pieces(hello, socketLimits.fragments, true));
    await expect.poll(taken.text).toMatch(/"type":"(entered|connection_ack)"/);
    const refused = await upgraded(gateway, door);
    refused.socket.write(pieces(hello, socketLimits.fragments + 1, true));
    expect(await refused.code()).toBe(1008);
  },
);

test.each(everyDoor)("%s: sockets that send fragments without end are cut off before they are read", async (door) => {
  const gateway = await boot();
  const flood = pieces("", 16_000, false);
  const sockets = await Promise.all(Array.from({ length: 60 }, () => upgraded(gateway, door)));
  const started = performance.now();
  for (const { socket } of sockets) socket.write(flood);
  await Promise.all(sockets.map(({ code }) => code()));
  // Without being cut they would be here until the door's own time is over, or for the 2 s of a close.
  expect(performance.now() - started).toBeLessThan(1_900);
});

test.each(everyDoor)("%s: a message that is announced as too large is refused before it comes", async (door) => {
  const gateway = await boot();
  const { socket, code } = await upgraded(gateway, door);
  const size = Buffer.alloc(8);
  size.writeUInt32BE(socketLimits.messageBytes + 1, 4);
  socket.write(Buffer.concat([Buffer.from([0x81, 0xff]), size, Buffer.alloc(4)]));
  expect(await code()).toBe(1009);
});

test.each(everyDoor)(
  "%s: a refused socket that goes on sending is cut, one that is silent ends in two seconds",
  async (door) => {
    const gateway = await boot();
    const [loud, silent] = [await upgraded(gateway, door), await upgraded(gateway, door)];
    const started = performance.now();
    const nonsense = frame(1, "no protocol of ours");
    for (const { socket } of [loud, silent]) socket.write(nonsense);
    await expect.poll(loud.text).not.toBe("");
    loud.socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => nonsense)));
    await loud.code();
    expect(performance.now() - started).toBeLessThan(900);
    expect(await silent.code()).toBe(4400);
    expect(performance.now() - started).toBeLessThan(socketLimits.closeMs + 1_000);
  },
);

test("more frames than a second may have end the socket with 1008", async () => {
  const gateway = await boot();
  const { socket, code } = await upgraded(gateway, "/graphql");
  // Twice as many, because the first ones may fall into the second before.
  socket.write(Buffer.concat(Array.from({ length: 2 * socketLimits.framesPerSecond + 2 }, () => frame(10, ""))));
  expect(await code()).toBe(1008);
});

test("sockets that have not said whose they are: so many from one address, so many in all, and room again when one is let in or gone", async () => {
  const gateway = await boot({ timings: { firstFrame: 60_000 } });
  const { perAddress, inAll } = guestLimits;
  const arrive = (count: number, address: string) =>
    Promise.all(Array.from({ length: count }, () => upgraded(gateway, "/graphql", address)));
  const first = await arrive(perAddress, "127.0.0.1");
  expect(first.every(({ status }) => status === 101)).toBe(true);
  const over = await upgraded(gateway, "/graphql");
  expect([over.status, over.text()]).toEqual([503, expect.stringMatching(/"errors"|"error"/)]);

  const init = JSON.stringify({ type: "connection_init", payload: { license: gateway.key } });
  first[0]?.socket.write(frame(1, init));
  await expect.poll(() => first[0]?.text()).toContain("connection_ack");
  const instead = await upgraded(gateway, "/graphql");
  instead.socket.write(frame(1, init));
  await expect.poll(instead.text).toContain("connection_ack");
  first[1]?.socket.destroy();
  await expect.poll(async () => (await upgraded(gateway, "/graphql")).status).toBe(101);

  const second = await arrive(perAddress, "127.0.0.2");
  const third = await arrive(inAll - 2 * perAddress + 5, "127.0.0.3");
  const refused = [...second, ...third].filter(({ status }) => status !== 101);
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 503));
  expect(refused.length).toBeGreaterThan(0);
}, 30_000);
