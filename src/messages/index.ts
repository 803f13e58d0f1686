import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LRUCache } from "lru-cache";
import Negotiator from "negotiator";
import type english from "./en.json";

/** Every sentence there is: what no catalogue has can't be asked for. Keys with an `@` say something of the language itself. */
export type MessageKey = Exclude<keyof typeof english, `@${string}`>;

export type Facts = Record<string, string | number>;

export interface Messages {
  readonly languages: string[];
  /** The language for this `Accept-Language`, by q-values and with regional fall-back; the default when none fits. */
  negotiate(header: string | undefined, preferred?: string): string;
  /** The sentence, its `{facts}` filled in; in the default language where a catalogue lacks it. */
  text(language: string, key: MessageKey, facts?: Facts): string;
  direction(language: string): "rtl" | "ltr";
  /** Keys that one catalogue has and this one lacks. */
  missing(language: string): string[];
}

/** `Accept-Language` headers whose language is remembered. */
const MOST_HEADERS = 200;
/** Letters of one of them, and of the language that is preferred. */
const LONGEST_HEADER = 200;

type Catalogue = Record<string, string>;

export const catalogueFolder = fileURLToPath(new URL(".", import.meta.url));

/** What the program speaks by itself. */
export const shippedLanguages = (): string[] => [...readCatalogues([catalogueFolder]).keys()].toSorted();

function readCatalogues(folders: string[]): Map<string, Catalogue> {
  const found = new Map<string, Catalogue>();
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      found.set(file.slice(0, -".json".length), JSON.parse(text) as Catalogue);
    }
  }
  return found;
}

/** The best first: those of `offered` that this `Accept-Language` takes, or its own tags. */
const matching = (header: string, offered?: string[]): string[] =>
  // Java and C programs write their locale's name, `en_US`.
  new Negotiator({ headers: { "accept-language": header.replaceAll("_", "-") } }).languages(offered);

const fill = (sentence: string, facts: Facts): string =>
  sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(facts[name] ?? hole));

/** A language is one file, `<tag>.json`, in one of the folders. @throws Error when the default has none */
export function openMessages(defaultLanguage: string, folders: string[] = [catalogueFolder]): Messages {
  const catalogues = readCatalogues(folders);
  const base = catalogues.get(defaultLanguage);
  if (!base) throw new Error(`there is no catalogue for DEFAULT_LANGUAGE ${defaultLanguage}`);
  const languages = [...catalogues.keys()].toSorted();
  const negotiated = new LRUCache<string, string>({ max: MOST_HEADERS });

  function negotiate(header: string, preferred: string): string {
    const ordered = [preferred, ...languages.filter((language) => language !== preferred)];
    const acceptable = matching(header, ordered);
    // Tag by tag in the caller's order: taken all at once, "ar-EG, en" would mean English, the nearer match.
    const tags = acceptable.length > 1 ? new Set(matching(header)) : [];
    for (const tag of tags) {
      const [best] = matching(tag, acceptable);
      if (best !== undefined) return best;
    }
    return acceptable[0] ?? preferred;
  }

  return {
    languages,
    negotiate(header, preferred = defaultLanguage) {
      if (!header) return preferred;
      const key = `${preferred} ${header}`;
      const known = negotiated.get(key) ?? negotiate(header, preferred);
      if (key.length <= LONGEST_HEADER) negotiated.set(key, known);
      return known;
    },
    text(language, key, facts = {}) {
      const sentence = catalogues.get(language)?.[key] ?? base[key];
      if (sentence === undefined) throw new Error(`no catalogue has ${key}`);
      return fill(sentence, facts);
    },
    direction: (language) => (catalogues.get(language)?.["@direction"] === "rtl" ? "rtl" : "ltr"),
    missing(language) {
      const all = new Set([...catalogues.values()].flatMap((catalogue) => Object.keys(catalogue)));
      return [...all].filter((key) => catalogues.get(language)?.[key] === undefined);
    },
  };
}
