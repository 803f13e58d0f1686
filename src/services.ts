import { createHmac } from "node:crypto";
import { join } from "node:path";
import { type CallbackAddresses, callbackAddresses } from "./callback-addresses.js";
import { newId } from "./ids.js";
import { machineTime, openClock, type TimeSource } from "./clock.js";
import type { Config } from "./config.js";
import { EventFeed } from "./domain/events/event-feed.js";
import { joinLinks } from "./domain/entering/join-link.js";
import { PasswordGate } from "./domain/password-gate.js";
import { reportsOf } from "./domain/entering/reports.js";
import { Homes } from "./domain/homes/homes.js";
import { setRight } from "./domain/homes/note-alive.js";
import { Neighbours } from "./domain/homes/neighbours.js";
import type { Services } from "./domain/services.js";
import { KnownCallers } from "./domain/license/known-callers.js";
import { tokenSigner } from "./domain/license/token-signer.js";
import { Unsettled } from "./domain/session/unsettled.js";
import type { OpenedEngine, RecordingSetting } from "./engine/engine.js";
import { type EngineChoices, openEngines } from "./engines.js";
import { type Messages, openMessages } from "./messages/index.js";
import { demandUsableSecret, openSecret, type Secret } from "./secret.js";
import { openSealing } from "./sealing.js";
import { serverWords } from "./server-words.js";
import { MadeFiles, openStorage, type Storage } from "./storage/index.js";

/** Everything a process holds open: the use-cases' world, and what the doors need besides. */
export interface Opened {
  services: Services;
  config: Config;
  messages: Messages;
  secret: Secret;
  /** By their names; those of the table come and go while the server runs. */
  openedEngines: ReadonlyMap<string, OpenedEngine>;
  /** Where engines reach this gateway. */
  callbacks: CallbackAddresses;
  /** PUBLIC_URL without a slash at its end. */
  publicUrl: () => string;
  /** Where the server listens; what PUBLIC_URL is where it is not configured. */
  listensAt(url: string): void;
  /** For a start that fails after all: closes what is open, and leaves no file that it made. */
  discard(): void;
}

export interface OpenOptions extends EngineChoices {
  /** A server keeps the database to itself; the operator's tool works beside it. */
  exclusive: boolean;
  log: Services["log"];
  clock?: TimeSource;
  /** Further folders of catalogues. */
  catalogueFolders?: string[];
  onSlow?: () => void;
  /** The database file is damaged: called once, and nothing good can come after. */
  onDamage?: () => void;
}

const SERVER_BUSY_MS = 100;
const TOOL_BUSY_MS = 5_000;

function once(run: (error: unknown) => void): (error: unknown) => void {
  let isDone = false;
  return (error) => {
    if (isDone) return;
    isDone = true;
    run(error);
  };
}

/** Its driver is loaded only where it is used. */
async function onServer(url: string, config: Config, { log }: OpenOptions): Promise<Storage> {
  const { openPostgres } = await import("./storage/postgres/open.js");
  const onFault = (err: unknown) => log.warn({ err }, "a connection to the database broke, or could not be opened");
  const { databaseConnections: connections, databaseSeconds, timings } = config;
  const reads = { connections, statementMs: databaseSeconds * 1000 };
  return openPostgres({ url, reads, heldMs: timings.snapshot, onFault });
}

async function storageFor(config: Config, options: OpenOptions): Promise<Storage> {
  const { database, timings } = config;
  if ("server" in database) return onServer(database.server, config, options);
  const { exclusive, log } = options;
  return openStorage({
    path: database.file,
    exclusive,
    busyMs: exclusive ? SERVER_BUSY_MS : TOOL_BUSY_MS,
    heldMs: timings.snapshot,
    onSlow: options.onSlow ?? (() => log.error({}, "a transaction awaited something else than its own queries")),
    onDamage: once((err) => {
      log.error({ err }, "the database file is damaged: the server ends; put a backup in its place and start again");
      options.onDamage?.();
    }),
  });
}

function fingerprintsOf(secret: Secret): Services["fingerprints"] {
  const [first, ...earlier] = secret.keysFor("idempotency");
  const hash = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest("base64url");
  return (text) => [hash(first, text), ...earlier.map((key) => hash(key, text))];
}

const recordingOf = ({ recordings, dataDir, embedOrigins }: Config, secret: Secret): RecordingSetting => ({
  ...recordings,
  embedOrigins,
  folder: join(dataDir, "recordings"),
  keys: secret.keysFor("recording"),
});

type AmongServers = Pick<Services, "homes" | "clock" | "instanceId">;

const roomsOf = (config: Config, secret: Secret, { homes, clock, instanceId }: AmongServers) => ({
  entriesPerMinute: config.entriesPerMinute,
  emptyRoomMinutes: config.emptyRoomMinutes,
  ice: config.ice,
  recording: recordingOf(config, secret),
  homes,
  servers: serverWords(secret.keysFor("server"), instanceId, clock),
});

function placeAmongServers(world: Pick<Services, "storage" | "clock">, heartbeat: number, all: () => Services) {
  const instanceId = newId();
  const neighbours = new Neighbours(world, instanceId, heartbeat);
  return { instanceId, neighbours, homes: new Homes(world.storage, neighbours, () => setRight(all())) };
}

const waitsOf = ({ engineWait, onTheWay, hold }: Config["timings"]) => ({
  engineWaitMs: engineWait,
  onTheWayMs: onTheWay,
  holdMs: hold,
});

/** The use-cases' world, made from what is open. */
function assemble(
  config: Config,
  options: OpenOptions,
  { messages, storage, secret }: Pick<Opened, "messages" | "secret"> & Pick<Services, "storage">,
): Omit<Opened, "discard"> {
  const { log, clock: time = machineTime } = options;
  let listening: string | undefined;
  const publicUrl = () => config.publicUrl ?? listening ?? `http://${config.host}:${config.port}`;
  const links = joinLinks(secret.keysFor("join-link"), publicUrl);
  const clock = openClock(time, { after: storage.lastInstant, log });
  const { timings } = config;
  const amongServers = placeAmongServers({ storage, clock }, timings.heartbeat, () => services);
  const ofRooms = roomsOf(config, secret, { ...amongServers, clock });
  const shared = { timings, ...ofRooms, messages, clock, log, publicUrl };
  const callbacks = callbackAddresses(secret.keysFor("engine-callback"), publicUrl);
  const world = { storage, sealing: openSealing(secret.keysFor("engine-secret")), clock, log };
  const engines = openEngines(options, config.engine, { ...world, shared }, (name) => ({
    name,
    reports: reportsOf(name, links, () => services),
    callbackUrl: (path) => callbacks.of(name, path),
  }));
  const services: Services = {
    ...world,
    ...engines,
    links,
    tokens: tokenSigner(secret.keysFor("access-token")),
    knownCallers: new KnownCallers(storage),
    passwordGate: new PasswordGate(amongServers.neighbours),
    fingerprints: fingerprintsOf(secret),
    feed: new EventFeed(storage, log),
    ...amongServers,
    unsettled: new Unsettled(storage),
    underWay: new Set(),
    ...waitsOf(timings),
    isProduction: config.isProduction,
  };
  return {
    services,
    config,
    messages,
    secret,
    openedEngines: engines.pool.registry.opened,
    callbacks,
    publicUrl,
    listensAt: (url) => {
      listening = url;
    },
  };
}

const MADE_ANEW =
  "there is a database, and no secret.key in DATA_DIR: a new one was made. Join links and access tokens that were handed out " +
  "before are no good any more, nor are stored secrets of conference servers; where the old file is found, put it back and start again";

/**
 * Opens storage, engines and signer once.
 * @throws DatabaseInUse, DatabaseNotMigrated, or an Error a person can act on
 */
export async function openServices(config: Config, options: OpenOptions): Promise<Opened> {
  const messages = openMessages(config.defaultLanguage, options.catalogueFolders);
  demandUsableSecret(config);
  // Before the secret is made: then only one process at a time makes one for this database.
  const storage = await storageFor(config, options);
  const made = new MadeFiles();
  const discard = () => {
    made.undo();
    storage.discard();
  };
  try {
    const secret = openSecret(config, made);
    if (secret.isNew && options.exclusive && storage.lastInstant) options.log.warn({}, MADE_ANEW);
    return { ...assemble(config, options, { messages, storage, secret }), discard };
  } catch (error) {
    discard();
    throw error;
  }
}
