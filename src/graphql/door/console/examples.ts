import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { authenticate } from "../../../domain/license/license.js";
import type { Services } from "../../../domain/services.js";

const folder = fileURLToPath(new URL("examples/", import.meta.url));

/** A ready operation: a file of examples/, and its variables in the .json beside it. */
export interface Example {
  /** What it is asked for by: `start` of `05-start.graphql`. */
  name: string;
  title: string;
  /** For a newcomer: what it does, what to look at in the answer, and what comes next. */
  explanation: string;
  /** Without title and explanation. */
  operation: string;
  /** The whole file. */
  document: string;
  /** With the ids, or what stands in their place. */
  variables: (ids: Ids) => Variables;
}

type Variables = Record<string, unknown>;

/** What the marks in the variables become. */
type Ids = Record<"{newest meeting}" | "{newest session}" | "{newest recording}", string>;

export interface Examples {
  /** In the order of a meeting's life. */
  list: readonly Example[];
  first: Example;
  /** undefined where there is none of this name, whatever was sent as one. */
  find(name: unknown): Example | undefined;
  /** With the demo key and the newest ids of its license, so that a newcomer only presses the run button. */
  filledIn(example: Example): Promise<FilledIn>;
  /** As good as they can be without a look at what is there. @param hasKey whether a key is filled in where it is run */
  plainVariables(example: Example, hasKey: boolean): Variables;
}

interface FilledIn {
  /** A demo key that lets in; else nobody's ids are looked up. */
  key: string | undefined;
  variables: Variables;
}

const placeholders: Ids = {
  "{newest meeting}": "the id of a meeting",
  "{newest session}": "the id of a session",
  "{newest recording}": "the id of a recording",
};

const nothingYet: Ids = {
  "{newest meeting}": "run “Create a meeting” first",
  "{newest session}": "run “Start the meeting” first",
  "{newest recording}": "nothing is recorded yet",
};

function readExample(file: string): Example {
  const document = readFileSync(folder + file, "utf8");
  const header = /^(?:#.*\n)+/.exec(document)?.[0] ?? "";
  const [title = "", ...explanation] = header.split("\n").map((line) => line.replace(/^# ?/, ""));
  const variables = readFileSync(folder + file.replace(/graphql$/, "json"), "utf8");
  return {
    name: file.replace(/^\d+-|\.graphql$/g, ""),
    title,
    explanation: explanation.join(" ").trim(),
    operation: document.slice(header.length),
    document,
    variables: (ids) => JSON.parse(variables, (_, value) => ids[value as keyof Ids] ?? value),
  };
}

async function newestIds(services: Services, licenseKey: string): Promise<Ids> {
  const caller = await authenticate(services, licenseKey);
  if ("denied" in caller) return nothingYet;
  const { meetings, sessions, recordings } = services.storage.read;
  const newest = { direction: "DESC", limit: 1 } as const;
  const [meeting] = await meetings.list(caller.reach, { ...newest, field: "CREATED_AT" });
  const [session] = await sessions.list(caller.reach, { ...newest, field: "STARTED_AT" });
  const [recording] = await recordings.list(caller.reach, { ...newest, field: "CREATED_AT" });
  return {
    "{newest meeting}": meeting?.id ?? nothingYet["{newest meeting}"],
    "{newest session}": session?.id ?? nothingYet["{newest session}"],
    "{newest recording}": recording?.id ?? nothingYet["{newest recording}"],
  };
}

/** The collection, read once. */
export function openExamples(services: Services, demoKey: () => Promise<string | undefined>): Examples {
  const files = readdirSync(folder).filter((file) => file.endsWith(".graphql"));
  const list = files.toSorted().map(readExample);
  const [first] = list;
  if (!first) throw new Error("there are no examples");
  const byName = new Map<unknown, Example>(list.map((example) => [example.name, example]));
  return {
    list,
    first,
    find: (name) => byName.get(name),
    plainVariables: (example, hasKey) => example.variables(hasKey ? nothingYet : placeholders),
    async filledIn(example) {
      const key = await demoKey();
      return { key, variables: example.variables(key ? await newestIds(services, key) : placeholders) };
    },
  };
}
