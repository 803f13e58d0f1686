import type { FastifyReply, FastifyRequest } from "fastify";
import { jsonInHtml, renderDocument } from "../../../messages/html.js";
import { askedExample, type ConsolePreset, headersOf, PAGE_FOLDER } from "./preset.js";

const CDN = "https://embeddable-sandbox.cdn.apollographql.com";
const SCRIPT = `${CDN}/v2/embeddable-sandbox.umd.production.min.js`;

/** Theirs are the script and the frame; ours is the page around them, which names no other. */
const policy = [
  `script-src 'self' ${CDN}`,
  `style-src 'self' ${CDN}`,
  "frame-src https://sandbox.embed.apollographql.com",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * What a browser that opens /graphql gets: Apollo Sandbox, embedded by the options its maker documents, with an example
 * and the demo key filled in. It comes from its maker's servers; where they can't be reached, our console takes over.
 */
export async function sendSandbox(request: FastifyRequest, reply: FastifyReply, preset: ConsolePreset) {
  const { examples, basePath } = preset;
  const asked = askedExample(request, preset);
  const example = asked ?? examples.first;
  const { key, variables } = await examples.filledIn(example);
  const given = {
    script: SCRIPT,
    endpoint: `${basePath}/graphql`,
    instead: `${basePath}/console/${asked ? `?example=${asked.name}` : ""}`,
    options: {
      initialState: {
        document: example.document,
        variables,
        headers: headersOf(key),
        includeCookies: false,
        pollForSchemaUpdates: false,
      },
      endpointIsEditable: false,
      hideCookieToggle: true,
      runTelemetry: false,
      allowDynamicStyles: false,
    },
  };
  const html = renderDocument({
    language: "en",
    direction: "ltr",
    title: "Sandbox · VConnct Gateway",
    stylesheet: `${basePath}${PAGE_FOLDER}sandbox.css`,
    scripts: [`${basePath}${PAGE_FOLDER}sandbox.js`],
    // Its frame may want to know which page it answers; browsers' own default tells it the origin.
    referrer: "strict-origin-when-cross-origin",
    body: `<div id="sandbox"></div>
<noscript><p>Sandbox needs JavaScript.</p></noscript>
<script type="application/json" id="preset">${jsonInHtml(given)}</script>`,
  });
  return reply
    .headers({ "content-security-policy": policy, "cache-control": "no-store", "x-content-type-options": "nosniff" })
    .type("text/html; charset=utf-8")
    .send(html);
}
