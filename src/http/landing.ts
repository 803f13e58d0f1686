import type { FastifyInstance } from "fastify";
import { escapeHtml, renderDocument } from "../messages/html.js";
import type { MessageKey, Messages } from "../messages/index.js";
import type { DocsPage } from "./docs.js";
import { etagOf, isKnown } from "../etag.js";
import { firstCall } from "./first-call.js";
import { pageHeaders, sendPage, stylesheet } from "./pages.js";

/** One of v1's, as the page's table shows it. */
export interface ListedRoute {
  what: MessageKey;
  methods: readonly string[];
  /** From the server's root, with its slashes. */
  path: string;
}

export interface Landing {
  messages: Messages;
  /** PUBLIC_URL without a slash at its end. */
  publicUrl: () => string;
  /** undefined in production, and once the operator revoked it. */
  demoKey: () => Promise<string | undefined>;
  routes: readonly ListedRoute[];
  docs: () => readonly DocsPage[];
  hasConsole: boolean;
  /** The text of schema.graphql. In production it is for those with a license; they ask the graph itself. */
  schema: (() => string) | undefined;
}

type Say = (key: MessageKey) => string;

const code = (text: string): string => `<code dir="ltr">${escapeHtml(text)}</code>`;

const link = (address: string, text: string): string => `<li><a href="${address}">${text}</a></li>`;

function firstCallPart(say: Say, base: string, key: string | undefined): string {
  return `<h2>${say("landing.firstCall")}</h2>
<p>${say(key ? "landing.firstCall.withKey" : "landing.firstCall.withoutKey")}</p>
<pre class="wrap"><code>${escapeHtml(firstCall(base, key ?? "YOUR_KEY"))}</code></pre>
${key ? `<p>${say("landing.key")} ${code(key)}</p>\n` : ""}<p>${say("landing.firstCall.next")}</p>`;
}

function graphPart(say: Say, { hasConsole, schema }: Landing): string {
  const links = [
    hasConsole && link("examples", say("landing.examples")),
    hasConsole && link("graphql", say("landing.sandbox")),
    hasConsole && link("console/", say("landing.console")),
    schema !== undefined && link("schema.graphql", say("landing.schema")),
  ];
  return `<h2>GraphQL</h2>
<p>${say("landing.graph")} ${code("/graphql")}</p>
<ul>
${links.filter(Boolean).join("\n")}
</ul>`;
}

function routesPart(say: Say, routes: readonly ListedRoute[]): string {
  const rows = routes.map(
    ({ what, methods, path }) =>
      `<tr><td>${say(what)}</td><td>${code(methods.join(", "))}</td><td>${code(path)}</td></tr>`,
  );
  return `<h2>${say("landing.v1")}</h2>
<p>${say("landing.v1.key")} ${code("license")}</p>
<table>
<thead><tr><th>${say("landing.table.what")}</th><th>${say("landing.table.method")}</th><th>${say("landing.table.path")}</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
}

const docsPart = (say: Say, docs: readonly DocsPage[]): string =>
  docs.length === 0
    ? ""
    : `<h2><a href="docs/">${say("landing.docs")}</a></h2>
<ul lang="en">
${docs.map(({ path, title }) => link(`docs/${path}`, `<bdi>${escapeHtml(title)}</bdi>`)).join("\n")}
</ul>`;

/** `/`: a page to begin with, in the visitor's language. `/schema.graphql`: the graph, for tools. */
export function landingRoutes(app: FastifyInstance, landing: Landing): void {
  const { messages, publicUrl, demoKey, routes, docs, schema } = landing;
  app.get("/", async ({ language }, reply) => {
    const say: Say = (key) => escapeHtml(messages.text(language, key));
    const key = await demoKey();
    const html = renderDocument({
      language,
      direction: messages.direction(language),
      title: "VConnct Gateway",
      stylesheet,
      scripts: [],
      body: `<h1>VConnct Gateway</h1>
<p>${say("landing.intro")}</p>
${firstCallPart(say, publicUrl(), key)}
${graphPart(say, landing)}
${routesPart(say, routes)}
${docsPart(say, docs())}
<h2>${say("landing.health")}</h2>
<ul>
${link("health/live", code("/health/live"))}
${link("health/ready", code("/health/ready"))}
</ul>`,
    });
    // It may hold a key.
    return sendPage(reply.header("cache-control", "no-store"), html);
  });
  if (schema !== undefined) {
    let etag: string | undefined;
    app.get("/schema.graphql", async ({ headers }, reply) => {
      etag ??= etagOf(schema());
      reply.headers({ ...pageHeaders, etag, "cache-control": "no-cache" });
      if (isKnown(headers["if-none-match"], etag)) return reply.code(304).send();
      return reply.type("text/plain; charset=utf-8").send(schema());
    });
  }
}
