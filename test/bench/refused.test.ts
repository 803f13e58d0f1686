import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { PeerName } from "../../bench/peers.js";
import { refusedAt } from "../../bench/same.js";
import type { Server } from "../../bench/servers.js";

const ID = "01a219de-2b5d-7226-8cbd-ebe81fca0587";
/** Of a time to come, as one that was made for this very answer. */
const madeNow = (digit: number) => `ffffffff-ffff-7000-8000-00000000000${digit}`;

/** A server that always answers this. */
async function answering(name: PeerName, body: string, status = 200): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } as Server;
}

const work = {
  name: "list_meetings",
  size: "",
  servers: [],
  ask: () => ({ method: "GET", path: "/", headers: {} }) as const,
};

test("whoever answers otherwise than the gateway is refused, by a byte, a status or a known id; ids that are new may differ", async () => {
  const text = (title: string, id = ID, made = madeNow(1)) => JSON.stringify({ data: [{ id, title, made }] });
  const gateway = await answering("gateway", text("Algebra"));
  const same = await answering("handmade", text("Algebra", ID, madeNow(2)));
  expect(await refusedAt([same, gateway], work)).toEqual([]);
  for (const other of [
    await answering("raw", text("Algebrb")),
    await answering("raw", text("Algebra", ID.replace("7226", "7227"))),
    await answering("raw", `${text("Algebra")}\n`),
    await answering("raw", text("Algebra"), 500),
  ]) {
    const refused = await refusedAt([other, same, gateway], work);
    expect(refused.map(({ server, why }) => [server, why.startsWith("raw at list_meetings: ")])).toEqual([
      [other, true],
    ]);
  }
});
