import type { FastifyInstance, FastifyReply } from "fastify";

/** What every page without scripts looks like; below `/`, as the pages are. */
export const stylesheet = "landing.css";

const style = `body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
code{background:#8882;padding:.1em .3em;border-radius:4px;overflow-wrap:anywhere}li{margin:.4em 0}
pre{background:#8882;padding:.8em 1em;border-radius:4px;overflow-x:auto;line-height:1.4;direction:ltr;text-align:left}
pre code{background:none;padding:0;overflow-wrap:normal}pre.wrap code{white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{padding:.3em .8em .3em 0;border-bottom:1px solid #8884;text-align:start;vertical-align:top}
@media(min-width:40rem){td code{white-space:nowrap}}nav{columns:16rem}nav ol{margin:0}h2{margin-top:2.5rem}
[dir=rtl]{line-height:1.8}`;

/** A page without scripts, from texts of our own: it needs nothing, and is in no frame. */
export const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

export const sendPage = (reply: FastifyReply, html: string) =>
  reply.headers(pageHeaders).type("text/html; charset=utf-8").send(html);

export function styleRoute(app: FastifyInstance): void {
  app.get(`/${stylesheet}`, async (_request, reply) =>
    reply.headers(pageHeaders).type("text/css; charset=utf-8").send(style),
  );
}
