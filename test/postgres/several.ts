import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { boot, type BootOptions, type Gateway, temporaryFolder } from "../helpers/boot.js";
import { RoomClient } from "../helpers/room-client.js";
import { postgresDatabase } from "../helpers/postgres.js";
import { demoKeyOf, run } from "../start/process.js";

export interface SeveralOptions extends BootOptions {
  /** Each server's own way to the one database. */
  urls?: string[];
}

/** So many real servers on one database, with one secret. All of them take the first one's key. */
export async function bootSeveral(count: number, { urls, env, ...options }: SeveralOptions = {}) {
  const url = urls?.at(-1) ?? (await postgresDatabase());
  const folder = temporaryFolder();
  const gateways: Gateway[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const own = { DATABASE_URL: urls?.[nth] ?? url, DATA_DIR: folder };
    const gateway = await boot({ ...options, env: { ...own, ...env } });
    const { key } = gateways[0] ?? gateway;
    gateways.push({
      ...gateway,
      key,
      v1: (path, call) => gateway.v1(path, { key, ...call }),
      graphql: (query, variables, call) => gateway.graphql(query, variables, { key, ...call }),
    });
  }
  return { url, folder, gateways };
}

/** One program of several on one database, as it is shipped; its key is that of all of them. */
export async function program(url: string, env: Record<string, string> = {}) {
  const started = run([process.execPath, "dist/main.js"], {
    PORT: "0",
    DATABASE_URL: url,
    DATA_DIR: temporaryFolder(),
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    LOG_LEVEL: "warn",
    ...env,
  });
  return { ...started, address: await started.url(), key: demoKeyOf(started.out()) ?? "" };
}

const isReady = (address: string): Promise<boolean> =>
  fetch(`${address}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** So often it asks. */
const LOOK_MS = 100;

/** What a load balancer does: each new line goes to the next server that says it is ready; one that is not gets no more. */
export async function openBalancer() {
  const addresses = new Set<string>();
  let ready: string[] = [];
  let next = 0;
  const look = async () => {
    const asked = [...addresses];
    const answers = await Promise.all(asked.map(isReady));
    ready = asked.filter((address, index) => answers[index] && addresses.has(address));
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  const server = createServer((near) => {
    const { hostname, port } = new URL(ready[(next += 1) % ready.length] ?? "http://127.0.0.1:1");
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => {});
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    clearInterval(timer);
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(address: string) {
      addresses.add(address);
      while (!ready.includes(address)) await sleep(LOOK_MS);
    },
  };
}

/** Who was in rooms, of all that the database has. */
export const STAYS = `SELECT count(*)::integer AS stays, count(*) FILTER (WHERE left_at IS NULL)::integer AS open,
  count(DISTINCT attendance_id)::integer AS people FROM stays`;

/** Comes back by themselves, as the page does, until they leave for good. */
export class Visitor {
  client: RoomClient;
  comes = 0;
  isGone = false;

  constructor(
    readonly url: string,
    readonly link: string,
  ) {
    this.client = this.#come();
  }

  #come(): RoomClient {
    const client = new RoomClient(this.url);
    void client.enter(this.link).then(
      ({ type }) => (this.comes += type === "entered" ? 1 : 0),
      () => {},
    );
    client.socket.once("close", (code) => void (code < 4000 && this.#comeAgain()));
    return client;
  }

  async #comeAgain(): Promise<void> {
    await sleep(200 + Math.random() * 300);
    if (!this.isGone) this.client = this.#come();
  }

  get isInside(): boolean {
    return this.client.closed === undefined && this.client.frames.some(({ type }) => type === "entered");
  }

  leave(): void {
    this.isGone = true;
    this.client.cut();
  }
}
