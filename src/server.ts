import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { DestinationStream } from "pino";
import type { Config } from "./config.js";
import { demoKeyOf, ensureDemoLicense } from "./domain/license/demo-license.js";
import { keepHouse } from "./housekeeping.js";
import { mostLines } from "./http/descriptors.js";
import { openLog } from "./http/observe.js";
import { type AddressesOf, type Fullness, Servers } from "./http/servers.js";
import { type Opened, type OpenOptions, openServices } from "./services.js";

export interface RunningServer {
  /** Where it listens, without a slash at its end. */
  url: string;
  /** Outside production, on a loopback address. */
  demoKey: string | undefined;
  opened: Opened;
  /** Takes no more requests, finishes those in flight, cuts sockets, closes the database. May be called twice. */
  stop(): Promise<void>;
}

/** What a test opens otherwise; a real start uses none of it. */
export interface ServerOptions extends Partial<Omit<OpenOptions, "exclusive">> {
  schema?: GraphQLSchema;
  compiledFrom?: number;
  isDirect?: boolean;
  isRehearsed?: boolean;
  addressesOf?: AddressesOf;
  logTo?: DestinationStream;
}

const isAnywhere = ({ address }: AddressInfo): boolean => address === "0.0.0.0" || address === "::";

const urlOf = (bound: AddressInfo): string => {
  const { address, family, port } = bound;
  const host = isAnywhere(bound) ? "localhost" : family === "IPv6" ? `[${address}]` : address;
  return `http://${host}:${port}`;
};

const outsideAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((of) => of ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** Where other servers of the same database reach this one, where nobody has said so. */
const reachedAt = (bound: AddressInfo): string =>
  isAnywhere(bound) ? `http://${outsideAddress() ?? "127.0.0.1"}:${bound.port}` : urlOf(bound);

/** It listens for other machines, and yet the links it makes open on this one only. */
function warnOfLinks({ config, services, publicUrl }: Opened, bound: AddressInfo): void {
  if (config.publicUrl !== undefined || !isAnywhere(bound)) return;
  const example = `PUBLIC_URL=http://${outsideAddress() ?? "meet.example.com"}:${bound.port}`;
  services.log.warn(
    {},
    `PUBLIC_URL is not set: join links begin with ${publicUrl()}, which leads nowhere from other machines. Set it to the address people reach this server at, for example ${example}`,
  );
}

/** The operator hears that lines are cut, and what would help. */
function fullnessTold(log: Pick<FastifyBaseLogger, "warn">): Fullness {
  const most = mostLines();
  const what = `${most} connections are open, which is as many as the limit of open files (ulimit -n) leaves room for: further ones are cut. Raise it`;
  return { mostLines: most, onFull: () => log.warn({}, what) };
}

/** Of several that start at once one does. @throws DatabaseTooNew, or what PostgreSQL says */
async function migrateWhereTold({ database, databaseMigrate }: Config, log: Pick<FastifyBaseLogger, "info">) {
  if (!databaseMigrate || !("server" in database)) return;
  const { migratePostgres } = await import("./storage/postgres/migrations.js");
  const applied = await migratePostgres(database.server);
  if (applied > 0) log.info(applied === 1 ? "1 migration was applied" : `${applied} migrations were applied`);
}

/**
 * Opens everything in its order and listens; what was opened before something fails is closed again, and what was made is
 * removed.
 * @throws DatabaseInUse, or an Error of the address or the database
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  const log = await openLog(config, options.logTo);
  await migrateWhereTold(config, log);
  const opened = await openServices(config, { log, ...options, exclusive: true });
  const { storage, pool } = opened.services;
  const engines = pool.registry;
  let stopHouse = async () => {};
  try {
    const secret = opened.secret.keyFor("demo-license");
    // Only now: it takes the longest to load, and a database that can't be used is said before that.
    const { buildApp } = await import("./app.js");
    const servers = new Servers(options.addressesOf, fullnessTold(log));
    const { server, beginLeaving, beginDrain } = await buildApp(opened, {
      ...options,
      log,
      servers,
      licenseKey: config.showsDemoKey ? demoKeyOf(secret) : undefined,
    });
    stopHouse = await keepHouse(opened);
    const { port, host } = config;
    const bound = await servers.listen(() => server.listen({ port, host }), host);
    const url = urlOf(bound);
    opened.listensAt(url);
    await opened.services.neighbours.listensAt(config.instanceUrl ?? reachedAt(bound));
    // Last: the secret of a first start that fails is removed, and a database of PostgreSQL is not.
    const demoKey = config.showsDemoKey ? await ensureDemoLicense(opened.services, secret) : undefined;
    warnOfLinks(opened, bound);
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      beginLeaving();
      if (config.drainDelaySeconds > 0) await sleep(config.drainDelaySeconds * 1_000);
      beginDrain();
      await servers.close(config.timings, () => server.close());
      await stopHouse();
      await engines.close();
      await storage.close();
    };
    return { url, demoKey, opened, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await stopHouse();
    await engines.close();
    opened.discard();
    throw error;
  }
}
