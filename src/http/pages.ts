import type { FastifyInstance } from "fastify";
import { renderDocument } from "../messages/html.js";

export interface Landing {
  /** The text of schema.graphql. */
  schema: string;
  hasConsole: boolean;
  /** In production the schema is for those with a license; they ask the graph itself. */
  showsSchema: boolean;
}

/** What every page without scripts looks like; below `/`, as the pages are. */
export const stylesheet = "landing.css";

const style = `body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
code{background:#8882;padding:.1em .3em;border-radius:4px}li{margin:.4em 0}
pre{background:#8882;padding:.8em 1em;border-radius:4px;overflow-x:auto;line-height:1.4}pre code{background:none;padding:0}
nav{columns:16rem}nav ol{margin:0}h2{margin-top:2.5rem}`;

/** A page without scripts, from texts of our own: it needs nothing, and is in no frame. */
export const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

/** `/`: where everything is. `/schema.graphql`: the graph, for tools. */
export function landingRoutes(app: FastifyInstance, { schema, hasConsole, showsSchema }: Landing): void {
  const links = [
    hasConsole && `<li><a href="examples">Examples</a>: the whole life of a meeting, ready to run</li>`,
    hasConsole && `<li><a href="graphql">GraphQL and Sandbox</a>: <code>/graphql</code></li>`,
    hasConsole && `<li><a href="console/">GraphQL console without a network</a>: <code>/console/</code></li>`,
    !hasConsole && `<li>GraphQL: <code>/graphql</code></li>`,
    showsSchema && `<li><a href="schema.graphql">The schema</a>: <code>/schema.graphql</code></li>`,
    `<li>v1 REST API: <code>/api/v1/</code>, twelve routes, with your key in the header <code>license</code></li>`,
    `<li><a href="health/ready">Health</a>: <code>/health/live</code>, <code>/health/ready</code></li>`,
  ];
  const html = renderDocument({
    language: "en",
    direction: "ltr",
    title: "VConnct Gateway",
    stylesheet,
    scripts: [],
    body: `<h1>VConnct Gateway</h1>
<p>A <b>meeting</b> is lasting; each time it runs it is a <b>session</b>; whoever enters leaves <b>attendance</b>.</p>
<ul>
${links.filter(Boolean).join("\n")}
</ul>`,
  });
  app.get("/", async (_request, reply) => reply.headers(pageHeaders).type("text/html; charset=utf-8").send(html));
  app.get(`/${stylesheet}`, async (_request, reply) =>
    reply.headers(pageHeaders).type("text/css; charset=utf-8").send(style),
  );
  if (showsSchema) {
    app.get("/schema.graphql", async (_request, reply) =>
      reply.headers(pageHeaders).type("text/plain; charset=utf-8").send(schema),
    );
  }
}
