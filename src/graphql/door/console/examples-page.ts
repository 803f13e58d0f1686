import type { FastifyInstance } from "fastify";
import { sendPage, stylesheet } from "../../../http/pages.js";
import { escapeHtml, renderDocument } from "../../../messages/html.js";
import type { Example, Examples } from "./examples.js";

const code = (text: string): string => `<pre><code>${escapeHtml(text.trim())}</code></pre>`;

/** `MEETING_NOT_RUNNING` is set as code, as in the explanations' source. */
const prose = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");

const linksOf = ({ name }: Example): string =>
  `<a href="graphql?example=${name}">Open in Sandbox</a> · <a href="console/?example=${name}">Open in the offline console</a>`;

function sectionOf(example: Example, examples: Examples, hasKey: boolean): string {
  const { name, title, explanation, operation } = example;
  return `<section id="${name}">
<h2>${escapeHtml(title)}</h2>
<p>${prose(explanation)}</p>
<p>${linksOf(example)}</p>
${code(operation)}
<details><summary>Variables</summary>
${code(JSON.stringify(examples.plainVariables(example, hasKey), null, 2))}
</details>
</section>`;
}

const introductions = {
  withKey: "The demo key and the newest ids are filled in where you open one: press the run button.",
  withoutKey: "Where you open one, put your license key into its headers and your own ids into its variables.",
};

function render(examples: Examples, hasKey: boolean): string {
  const contents = examples.list.map(({ name, title }) => `<li><a href="#${name}">${escapeHtml(title)}</a></li>`);
  return renderDocument({
    language: "en",
    direction: "ltr",
    title: "Examples · VConnct Gateway",
    stylesheet,
    scripts: [],
    body: `<h1>Examples</h1>
<p>The whole life of a meeting in ${examples.list.length} operations, in their order.
${introductions[hasKey ? "withKey" : "withoutKey"]}</p>
<nav><ol>
${contents.join("\n")}
</ol></nav>
${examples.list.map((example) => sectionOf(example, examples, hasKey)).join("\n")}
<p><a href=".">Where everything is</a></p>`,
  });
}

/** `/examples`: the collection to read, each with the links that fill it in where it can be run. */
export function examplesPage(
  app: FastifyInstance,
  examples: Examples,
  demoKey: () => Promise<string | undefined>,
): void {
  app.get("/examples", async (request, reply) => {
    request.language = "en";
    return sendPage(reply, render(examples, (await demoKey()) !== undefined));
  });
}
