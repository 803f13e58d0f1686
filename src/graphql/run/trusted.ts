import { GraphQLError } from "graphql";
import type { Config } from "../../config.js";
import type { Context } from "../context.js";
import { fault } from "./codes.js";
import { limits, sizesAbove } from "./limits.js";
import type { Listed } from "./manifest.js";
import type { Runner } from "./runner.js";
import type { Text } from "./text.js";

/** A request's parameters as they came, from a body, an address or a socket. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Clients and tools know both by these names: Apollo Server's and Apollo Router's. */
const notFound = (): GraphQLError =>
  fault("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", { http: { status: 200 } });
const idRequired = (say: Context["say"]): GraphQLError =>
  fault("PERSISTED_QUERY_ID_REQUIRED", say("error.documentIdRequired"), { http: { status: 400 } });

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Apollo's spelling of an id, which its automatic persisted queries use too. */
function hashIn({ extensions }: Parameters): unknown {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  return persistedQuery?.sha256Hash;
}

const bringsText = ({ query }: Parameters): boolean => query != null && query !== "";

/** What a request may name its operation by: GraphQL over HTTP's word, Apollo's, and Relay's network layers' two. */
const idsIn = (asked: Parameters): string[] =>
  [asked["documentId"], hashIn(asked), asked["doc_id"], asked["id"]].filter(isText);

/** The texts of a manifest, by their ids. */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;

  /**
   * @param only whether nothing else is served
   * @param texts by their ids
   */
  constructor(
    readonly only: boolean,
    texts: ReadonlyMap<string, string>,
  ) {
    this.#texts = texts;
  }

  /**
   * What a request asks to run: the one rule for all doors, asked before anything is parsed.
   * @param hasAutomatic whether the door knows hashes of its own, of Apollo's automatic persisted queries
   * @returns the text that its id stands for, or why it may not go on; undefined: it goes on as it came
   */
  textFor(asked: Parameters, say: Context["say"], hasAutomatic = false): string | GraphQLError | undefined {
    const known = this.known(asked);
    if (known !== undefined) return known;
    if (bringsText(asked) || idsIn(asked).length === 0) return this.only ? idRequired(say) : undefined;
    return hasAutomatic && !this.only && isText(hashIn(asked)) ? undefined : notFound();
  }

  /** The text of one of its documents, where a request asks for that and brings no text of its own. */
  known(asked: Parameters): string | undefined {
    if (bringsText(asked)) return undefined;
    for (const id of idsIn(asked)) {
      const text = this.#textOf(id);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** `sha256:` is how GraphQL over HTTP writes a hash; manifests hold it bare. */
  #textOf(id: string): string | undefined {
    return this.#texts.get(id) ?? this.#texts.get(id.replace(/^sha256:/, ""));
  }
}

const place = ({ message, locations }: GraphQLError): string => {
  const [at] = locations ?? [];
  return at ? `${message} (line ${at.line}, column ${at.column})` : message;
};

/** What is wrong with it: also a size that no request could ever have. */
function faultsOf({ document, faults }: Text): string[] {
  if (!document || faults.length > 0) return faults.map(place);
  return sizesAbove(document).map((name) => `more than ${limits[name]} ${name}`);
}

const nameOf = ({ id, name }: Listed): string => (name === undefined ? id : `${name} (${id})`);

/**
 * Reads the manifest that the configuration names, and its texts once for all; undefined where it names none.
 * @throws UnusableManifest naming the file and each operation that does not fit the schema
 */
export async function openTrustedDocuments(
  { trustedDocuments: path, trustedDocumentsOnly }: Pick<Config, "trustedDocuments" | "trustedDocumentsOnly">,
  runner: Runner,
): Promise<TrustedDocuments | undefined> {
  if (path === undefined) return undefined;
  // Only with a manifest: most servers have none, and what checks it takes long to load.
  const { readManifest, refuseFaults } = await import("./manifest.js");
  const listed = readManifest(path);
  const texts = new Map<string, string>();
  // Most likely a build that went wrong; and where nothing else is served, nothing would be.
  const faults: string[] = listed.length === 0 ? ["no operation at all"] : [];
  for (const operation of listed) {
    const { id, text } = operation;
    const before = texts.get(id);
    if (before !== undefined && before !== text) faults.push(`${nameOf(operation)}: another operation has the same id`);
    texts.set(id, text);
    faults.push(...faultsOf(runner.keep(text)).map((each) => `${nameOf(operation)}: ${each}`));
  }
  refuseFaults(path, faults);
  return new TrustedDocuments(trustedDocumentsOnly, texts);
}
