import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import type { FastifyInstance } from "fastify";
import Negotiator from "negotiator";
import { etagOf, isKnown } from "../../etag.js";

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** As the build compressed it; the best first. */
const endings = { br: ".br", gzip: ".gz", identity: "" } as const;
type Encoding = keyof typeof endings;
const encodings = Object.keys(endings) as Encoding[];

/** Its name carries its hash: under this name it never changes. */
const FOR_A_YEAR = "public, max-age=31536000, immutable";

// Browsers name all they take without saying which they would rather have.
const bestOf = (header: string | undefined): Encoding => {
  const taken = new Negotiator({ headers: { "accept-encoding": header ?? "" } }).encodings([...encodings]);
  return encodings.find((encoding) => taken.includes(encoding)) ?? "identity";
};

function read(folder: URL, name: string, encoding: Encoding) {
  const bytes = readFileSync(new URL(name + endings[encoding], folder));
  const etag = etagOf(bytes);
  const encoded = encoding === "identity" ? {} : { "content-encoding": encoding };
  const headers = { "cache-control": FOR_A_YEAR, vary: "accept-encoding", etag, ...encoded };
  return { bytes, etag, headers: { ...headers, "content-type": types[extname(name)] } };
}

type File = ReturnType<typeof read>;

/** By their names, and by how they are compressed. */
const readAll = (folder: URL): ReadonlyMap<string, Record<string, File>> =>
  new Map(
    readdirSync(folder)
      .filter((file) => extname(file) in types)
      .map((name) => [name, Object.fromEntries(encodings.map((each) => [each, read(folder, name, each)]))]),
  );

const known = new Map<string, ReturnType<typeof readAll>>();

/**
 * The files that the build made of the page, read once in a process: everyone who opens a link asks for all of them, and when a class
 * starts, that is thousands within seconds.
 * @param prefix of their addresses, with a slash at its end
 */
export function assetRoutes(app: FastifyInstance, folder: URL, prefix: string): void {
  const all = known.get(folder.href) ?? readAll(folder);
  known.set(folder.href, all);
  for (const [name, files] of all) {
    app.get(`${prefix}${name}`, async (request, reply) => {
      const file = files[bestOf(request.headers["accept-encoding"])];
      if (!file) throw new Error(`${name} was not read`);
      reply.headers(file.headers);
      if (isKnown(request.headers["if-none-match"], file.etag)) return reply.code(304).send();
      return reply.send(file.bytes);
    });
  }
}
