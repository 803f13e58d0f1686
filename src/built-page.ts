import { readFileSync } from "node:fs";

/** The names of the room page's files as `npm run build` made them: each carries what it holds as a hash. */
export interface BuiltPage {
  script: string;
  /** Modules that the script begins with. */
  parts: string[];
  /** Where recordings are watched: its script, and what that begins with. */
  playback: { script: string; parts: string[] };
  style: string;
  /** The page's sentences, by language. */
  texts: Record<string, string>;
}

/** They are made, so they lie in `dist/` also for a server that is run from its sources. */
export const builtPageFolder = new URL("../dist/engine/builtin/page/", import.meta.url);

let known: BuiltPage | undefined;

/** Read once. @throws Error where nothing was built */
export function builtPage(): BuiltPage {
  known ??= JSON.parse(readFileSync(new URL("manifest.json", builtPageFolder), "utf8")) as BuiltPage;
  return known;
}

/** Relative to a join link, as every address in its page. */
export const pageFileAddress = (name: string): string => `room/assets/${name}`;
