import type { AddressInfo } from "node:net";
import { callBack } from "./callbacks.js";
import { type Controls, controlsOf } from "./controls.js";
import { basePath, doorOf, type Received } from "./door.js";
import { type Fault, Faults, type Injecting } from "./faults.js";
import type { PeerOptions } from "./flavours.js";
import { digest, type Algorithm } from "./signature.js";
import { worldOf } from "./world.js";

export interface Peer extends Controls {
  /** As an operator pastes it: `http://127.0.0.1:PORT/bigbluebutton/`. */
  url: string;
  secret: string;
  /** For `boot`: the gateway runs its rooms here. */
  env: Record<string, string>;
  /** The calls that came in, oldest first; all of them, or of one name such as `getMeetingInfo` or `hooks/create`. */
  calls(name?: string): Received[];
  /** How many lines callers have opened so far. */
  connections(): number;
  /** Asks as a caller who has the secret; the query is signed as it is. */
  ask(
    call: string,
    query?: string | Record<string, string>,
    algorithm?: Algorithm,
  ): Promise<{ status: number; text: string }>;
  /** Makes calls of this name (`*`: all) go wrong until it is mended. @returns mends it */
  fault(call: string, fault: Fault, injecting?: Injecting): () => void;
  mend(call?: string): void;
  /** Refuses connections, and cuts those there are, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPeer(options: PeerOptions = {}): Promise<Peer> {
  let port = 0;
  const world = worldOf(options, () => `http://127.0.0.1:${port}`);
  callBack(world);
  const { settings, agenda } = world;
  const faults = new Faults();
  const received: Received[] = [];
  const server = doorOf({ world, faults, received });
  let connections = 0;
  server.on("connection", () => (connections += 1));
  server.keepAliveTimeout = 60_000;

  const up = async () => {
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
    server.unref();
  };
  const down = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  await up();
  const url = `${world.origin()}${basePath(world)}`;

  return {
    url,
    secret: settings.secret,
    env: {
      ENGINE: "bigbluebutton",
      BBB_URL: url,
      BBB_SECRET: settings.secret,
      ...(settings.flavour === "plugnmeet" && { BBB_CHECKSUM: "sha1" }),
      ...(/^(?:scalelite|plugnmeet)$/.test(settings.flavour) && { BBB_FLAVOUR: settings.flavour }),
    },
    calls: (name) => received.filter(({ call }) => name === undefined || call === name),
    connections: () => connections,
    async ask(call, query = "", algorithm = "sha1") {
      const text = typeof query === "string" ? query : new URLSearchParams(query).toString();
      const checksum = digest(algorithm, call + text + settings.secret);
      const response = await fetch(`${url}api/${call}?${text && `${text}&`}checksum=${checksum}`, {
        redirect: "manual",
      });
      return { status: response.status, text: await response.text() };
    },
    fault: (call, fault, injecting = {}) => faults.inject(call, fault, injecting),
    mend: (call) => faults.mend(call),
    ...controlsOf(world),
    down,
    up,
    async stop() {
      agenda.stop();
      await down();
    },
  };
}
