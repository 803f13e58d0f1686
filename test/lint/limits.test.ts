import { readdirSync, readFileSync } from "node:fs";
import { maxHeaderSize } from "node:http";
import { basename } from "node:path";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config.js";
import { limits as texts } from "../../src/domain/checks.js";
import { tokenLifetime } from "../../src/domain/license/access-token.js";
import { limits as operation, pageSize } from "../../src/graphql/run/limits.js";
import { guestLimits } from "../../src/http/guests.js";
import { socketLimits } from "../../src/http/sockets.js";

const root = new URL("../../", import.meta.url).pathname;
const MINUTE = 60_000;

/** Every constant of the sources that is a plain number, by its file and name, wherever the file lies: `body.ts MOST_DRAINED_BYTES`. */
function constants(): [string, number][] {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) =>
    [
      ...readFileSync(`${root}src/${file}`, "utf8").matchAll(
        /^(?:export )?const ([A-Z]\w*) = ([\d_.]+(?: \* [\d_.]+)*);$/gm,
      ),
    ].map(([, name = "", product = ""]): [string, number] => {
      const factors = product.split(" * ").map((factor) => Number(factor.replaceAll("_", "")));
      return [`${basename(file)} ${name}`, factors.reduce((a, b) => a * b)];
    }),
  );
}

const named = (prefix: string, values: object): [string, number][] =>
  Object.entries(values).flatMap(([name, value]): [string, number][] =>
    typeof value === "number" ? [[`${prefix}.${name}`, value]] : [],
  );

const config = readConfig({});
const fastify = Fastify().initialConfig;

/** Everything that could be a bound: sizes in bytes, times in milliseconds (those of tokens in seconds). */
const known = new Map<string, number>([
  ...constants(),
  ...named("timings", config.timings),
  ...named("text", Object.fromEntries(Object.entries(texts).map(([name, { max }]) => [name, max]))),
  ...named("operation", operation),
  ...named("page", pageSize),
  ...named("token", tokenLifetime),
  ...named("guests", guestLimits),
  ...named("socket", socketLimits),
  ...named("config", { ...config, port: undefined }),
  ["node maxHeaderSize", maxHeaderSize],
  ["fastify keepAliveTimeout", fastify.keepAliveTimeout ?? 0],
  ["fastify bodyLimit", fastify.bodyLimit ?? 0],
]);

/** The page's rows, each with what its number is compared with; `a + b` is their sum. */
const rows: Record<string, [of: string, unit?: number]> = {
  "v1 calls of a license in a minute": ["config.callsPerMinute"],
  "Entries of one join link in a minute, coming back included": ["config.entriesPerMinute"],
  "Points of a license's key in a minute": ["config.pointsPerMinute"],
  "Points of all tokens of a license in a minute, apart from the key's": ["config.pointsPerMinute"],
  "Points of one token in a minute": ["config.tokenPointsPerMinute"],
  "How long a license works": ["license.ts YEAR_MS"],
  "Wrong passwords that are forgiven, for each of a meeting's two": ["password-gate.ts FREE_FAILURES"],
  "The first wait after those": ["password-gate.ts FIRST_WAIT_MS"],
  "The longest wait": ["password-gate.ts LONGEST_WAIT_MS"],
  "Looks of `/health/ready`: what one found is said again for": ["health.ts GOOD_FOR_MS"],
  "The request's line and headers together": ["node maxHeaderSize"],
  "Headers by number": ["ignored-upgrade.ts MOST_HEADERS"],
  "Time for the headers, and for a new line to say something": ["timings.headers"],
  "Time for the body": ["timings.request"],
  "Time for a whole request, where nobody waits for its body": ["timings.request + timings.headers"],
  "A line that is kept for a next request": ["fastify keepAliveTimeout"],
  "Body of a v1 request": ["plugin.ts BODY_LIMIT_KIB", 1024],
  "Body of a GraphQL request": ["no-operation.ts BODY_LIMIT_KIB", 1024],
  "Body of a `POST` to a join link": ["plugin.ts BODY_LIMIT_BYTES"],
  "Body anywhere else": ["fastify bodyLimit"],
  "What is read on of a body that is too large, so that its sender hears so": ["body.ts MOST_DRAINED_BYTES"],
  "How long a refused line stays open from the other side": ["client-errors.ts DESTROY_MS"],
  "Faults told in one answer": ["checks.ts MOST_FAULTS"],
  "Title of a meeting or session": ["text.title"],
  "Name of a person or license": ["text.name"],
  Password: ["text.password"],
  "Welcome text": ["text.welcomeText"],
  "`logout_url`": ["text.address"],
  "Idempotency key": ["text.idempotencyKey"],
  "Entries of a list": ["checks.ts MOST_ENTRIES"],
  "How long a call is remembered by its idempotency key": ["idempotency.ts KEPT_HOURS", 60 * MINUTE],
  "`SECRET_KEY` and each `SECRET_KEY_PREVIOUS`, at least": ["secret.ts KEY_BYTES"],
  "Faults of a manifest that the start names": ["manifest.ts MOST_SHOWN"],
  "Time for an answer, once something of it waits for its reader": ["timings.answer"],
  "Who reads is measured over": ["timings.readWindow"],
  "Least that is taken in a second, on average over that time": ["pace.ts LEAST_BYTES_PER_SECOND"],
  "Answers waiting for their readers, of all callers together": ["pace.ts MOST_WAITING_BYTES"],
  "Pieces in which a large answer is written": ["pace.ts PIECE_BYTES"],
  "Sockets that have not said whose they are, of one address": ["guests.perAddress"],
  "The same in all": ["guests.inAll"],
  "One message": ["socket.messageBytes"],
  "Fragments of one message": ["socket.fragments"],
  "Pieces in which a frame arrives": ["socket.chunks"],
  "Messages, pings and pongs in a second": ["socket.framesPerSecond"],
  "What is sent to a socket that is closed": ["socket.bytesAfterClose"],
  "How long a closed socket stays open from the other side": ["socket.closeMs"],
  "Time for the upgrade itself": ["socket.handshakeMs"],
  "Time for the first frame": ["timings.firstFrame"],
  "One frame": ["socket.ts MAX_FRAME_BYTES"],
  "A ping comes every": ["timings.ping"],
  "How long a place is held after its line broke": ["timings.hold"],
  "The same after a restart of the server": ["timings.recover"],
  "What waits for one reader": ["seat.ts MAX_QUEUED_BYTES"],
  "How long a line that is sent away stays open from the other side": ["seat.ts TERMINATE_MS"],
  "How long an empty room's session goes on": ["config.emptyRoomMinutes", MINUTE],
  "Foreign origins that the log warns of": ["other-origin.ts MOST_NAMED"],
  "Letters of such an origin": ["other-origin.ts LONGEST"],
  "Tokens of a document": ["operation.tokens"],
  "Levels of an operation": ["operation.depth"],
  Aliases: ["operation.aliases"],
  "Root fields": ["operation.rootFields"],
  "Times that one field of one object is asked for": ["operation.repeats"],
  "Fields that are looked at to count these, with all fragments spread out": ["repeats.ts MOST_LOOKED_AT"],
  "Points that one operation asks for": ["operation.points"],
  "Fields with all fragments spread out": ["cost.ts MOST_FIELDS"],
  "Rows of a page": ["page.most"],
  "Rows of a page where neither `first` nor `last` is given": ["page.normal"],
  "A cursor, in letters": ["cursor.ts MOST_CURSOR"],
  "Lifetime of an access token": ["token.most", 1000],
  "The same, at least": ["token.least", 1000],
  "Operations at once on one socket": ["limits.ts MOST_OPERATIONS"],
  "Time for `connection_init`": ["socket.ts INIT_MS"],
  "What waits for one socket's reader": ["lines.ts MOST_QUEUED_BYTES"],
  "Each live line's right and reader are looked at every": ["timings.liveCheck"],
  "How long a closed socket of the graph stays open from the other side": ["socket.ts TERMINATE_MS"],
  "Events of other processes are noticed after": ["event-feed.ts POLL_MS"],
  "How long a call waits for the engine, or for another call that opens or closes the same session": [
    "timings.engineWait",
  ],
  "A session half opened or closed is left to its call for": ["timings.stuck"],
  "What ends or settles by itself is looked for every": ["timings.sweep"],
  "How long the server waits for another process that writes": ["services.ts SERVER_BUSY_MS"],
  "How long `vconnct` waits": ["services.ts TOOL_BUSY_MS"],
  "How long `vconnct backup` waits": ["backup.ts BUSY_MS"],
  "The write-ahead log at rest": ["open.ts WAL_LIMIT_BYTES"],
  "What must fit on the disk for `/health/ready`": ["probe.ts PROBE_BYTES"],
  "The server says that it lives, and looks whether its file is there and whole, every": ["timings.heartbeat"],
  "A fault of the file counts where it is still there after": ["open.ts LOOK_AGAIN_MS"],
  "How long it then has to close its lines": ["main.ts LAST_WORDS_MS"],
  "How long a start waits for another server on its database": ["lock.ts WAIT_MS"],
  "Time for requests in flight after SIGTERM": ["timings.drain"],
  "A line that is kept for a next request is closed after": ["timings.lastRequests"],
  "Difference between stored time and the wall clock that is no step": ["clock.ts STEP_MS"],
  "A step forward is believed after": ["clock.ts BELIEVED_AFTER_MS"],
  "Stored times may lie ahead of the clock at a start by": ["clock.ts FURTHEST_AHEAD_MS"],
  "A token is remembered after it is over for": ["housekeeping.ts TOKEN_KEPT_MS"],
  "Documents that are kept parsed, together": ["runner.ts MOST_BYTES"],
  "Shapes of each list that are kept prepared": ["page.ts MOST_SHAPES"],
  "Rows of a v1 list that are read at once": ["operations.ts V1_PAGE_LIMIT"],
  "Events that a subscription reads at once": ["event-feed.ts BATCH"],
  "Events of a license that are looked through in one turn": ["events.ts EVENTS_A_STEP"],
  "Events of all licenses, likewise": ["event-feed.ts MARKS_A_STEP"],
  "Writes that share one commit": ["group-commit.ts MOST_TOGETHER"],
  "What is over is forgotten every": ["housekeeping.ts FORGET_EVERY_MS"],
  "Another call's start is looked at every": ["engine-call.ts POLL_MS"],
  "A leaving that could not be stored is tried again every": ["rooms.ts RETRY_MS"],
  "A room that ended is remembered for": ["rooms.ts REMEMBER_CLOSED_MS"],
};

/** Numbers that bound nothing: units, formats, prices, the length of what is made. */
const noBounds = [
  "backup.ts PAGES_A_STEP",
  "clock.ts SLOWER",
  "cost.ts LOOK_POINTS",
  "cost.ts OPERATION_POINTS",
  "cost.ts UNCOUNTABLE",
  "cost.ts VALUES_A_POINT",
  "cost.ts WRITE_POINTS",
  "join-link.ts CHECKSUM_BYTES",
  "license.ts HINT_LENGTH",
  "license.ts KEY_BYTES",
  "limits.ts ENOUGH",
  "lines.ts MOST_QUIET",
  "main.ts DAMAGED",
  "minute.ts MINUTE_MS",
  "place.ts CHANGE_COUNTER_AT",
  "place.ts HEADER_BYTES",
  "place.ts LARGEST",
  "place.ts PAGES_AT",
  "place.ts PAGE_SIZE_AT",
  "place.ts VALID_FOR_AT",
  "schema-cost.ts OBJECTS_A_POINT",
  "schema-cost.ts VALUE",
  "text.ts BYTES_OF_FAULT",
  "text.ts BYTES_OF_TOKEN",
  "usage.ts FOREVER_MS",
  "usage.ts MINUTE_MS",
];

const units: Record<string, number> = {
  "": 1,
  bytes: 1,
  KiB: 1024,
  MiB: 1024 * 1024,
  ms: 1,
  s: 1000,
  minutes: MINUTE,
  hour: 60 * MINUTE,
  hours: 60 * MINUTE,
  day: 24 * 60 * MINUTE,
  days: 24 * 60 * MINUTE,
};

/** Each bound of the page as `[bound, number in its base unit, who sets it]`; those without a number are left out. */
const page = [
  ...readFileSync(`${root}docs/limits.md`, "utf8").matchAll(/^\| (.+?) \| ([\d,]+) ?(\w*) \| (.+?) \| .+ \|$/gm),
].map(
  ([, bound = "", number = "", unit = "", by = ""]) =>
    [bound, Number(number.replaceAll(",", "")) * (units[unit] ?? Number.NaN), by] as const,
);

const valueOf = ([of, unit = 1]: [string, number?]): number =>
  of.split(" + ").reduce((sum, name) => sum + (known.get(name) ?? Number.NaN), 0) * unit;

test("docs/limits.md says of each bound what the program keeps to", () => {
  const ofTheTool = "Each of these three, as a number";
  expect(Object.fromEntries(page.map(([bound, number]) => [bound, number]))).toEqual({
    ...Object.fromEntries(Object.entries(rows).map(([bound, row]) => [bound, valueOf(row)])),
    [ofTheTool]: 2 ** 31 - 1,
  });
});

test("every number of the program that could be a bound stands on that page, or is none", () => {
  const names = constants().map(([name]) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  const told = new Set(Object.values(rows).flatMap(([of]) => of.split(" + ")));
  expect([...known.keys()].filter((name) => !told.has(name)).toSorted()).toEqual(noBounds);
});

test("what the operator sets is said to be so, by the variable's name", () => {
  const variableOf = (of: string) =>
    of
      .replace("config.", "")
      .replace(/[A-Z]/g, (capital) => `_${capital}`)
      .toUpperCase();
  const byVariable = Object.entries(rows).filter(([, [of]]) => of.startsWith("config."));
  const said = new Map(page.map(([bound, , by]) => [bound, by]));
  for (const [bound, [of]] of byVariable) expect([bound, said.get(bound)]).toEqual([bound, `\`${variableOf(of)}\``]);
});
