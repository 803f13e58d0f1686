import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../docs/vconnct-client-api-v1.md", import.meta.url), "utf8");

export interface Example {
  title: string;
  method: string;
  /** As printed, below /api/v1/. */
  path: string;
  /** As printed, trailing comma and all. */
  body: string | undefined;
  /** As printed; not always JSON. */
  response: string;
}

const blockAfter = (section: string, heading: string): string | undefined =>
  new RegExp(`\\*\\*${heading}\\*\\*\\s*\`\`\`javascript\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1];

/** The twelve sections of the v1 document, cut from it. */
export const examples: Example[] = text
  .split(/^## (?=\d+\. )/m)
  .slice(1)
  .map((section) => {
    const [, method = "", path = ""] = /```http\n(\w+) \/api\/v1\/(\S+)\n```/.exec(section) ?? [];
    return {
      title: section.split("\n", 1)[0] ?? "",
      method,
      path,
      body: blockAfter(section, "Request example"),
      response: blockAfter(section, "Response example") ?? "",
    };
  });

export function example(number: number): Example {
  const found = examples[number - 1];
  if (!found) throw new Error(`the document has no section ${number}`);
  return found;
}

/** Every value of these kinds differs from run to run; everything else must be the same. */
const kinds: [pattern: RegExp, name: string][] = [
  [/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "<id>"],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "<time>"],
  [/^https?:\/\/\S+\/api\/join\?fullName=\S+&meetingID=.+&password=\S*&checksum=[0-9a-f]{40}$/, "<link>"],
];

/** The text of an answer, in its own key order, with ids, times and links as their kinds. */
export const comparable = (answer: string): string =>
  JSON.stringify(JSON.parse(answer), (_key, value: unknown) => {
    if (typeof value !== "string") return value;
    return kinds.find(([pattern]) => pattern.test(value))?.[1] ?? value;
  });
