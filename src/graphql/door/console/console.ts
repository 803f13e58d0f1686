import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { ApolloServerPluginLandingPageLocalDefault } from "@apollo/server/plugin/landingPage/default";
import assets from "@fastify/static";
import type { RenderOptions } from "altair-static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Example, Examples, Variables } from "./examples.js";

const load = createRequire(import.meta.url);

export interface ConsolePreset {
  /** Only ever a demo key, only outside production. */
  licenseKey: string | undefined;
  /** The path that PUBLIC_URL carries, without a slash at its end. */
  basePath: string;
  /** Where subscriptions are, with ws or wss. */
  socketUrl(): string;
  examples: Examples;
}

const headersOf = ({ licenseKey }: ConsolePreset): Record<string, string> => ({
  license: licenseKey ?? "your license key",
});

/** Sandbox comes from its maker's servers; without them, ours takes over. */
function withFallback(html: string, consolePath: string): string {
  const nonce = /nonce-([0-9a-f]+)/.exec(html)?.[1] ?? "";
  const script = [
    `var instead = function () { location.replace(${JSON.stringify(consolePath)}); };`,
    `addEventListener("error", function (event) { if (event.target instanceof HTMLScriptElement) instead(); }, true);`,
    `setTimeout(function () { if (!window.EmbeddedSandbox) instead(); }, 8000);`,
  ].join("\n");
  return (
    html
      .replace("<head>", () => `<head>\n<script nonce="${nonce}">\n${script}\n</script>`)
      // It takes the page's own address for the graph's: without the example's name, or that stays in every call.
      .replace("window.location.href;", () => "window.location.href.split('?')[0];")
      .replace(
        "initialEndpoint,",
        () => "initialEndpoint, initialSubscriptionEndpoint: initialEndpoint.replace(/^http/, 'ws'),",
      )
  );
}

/** What `?example=` names; of all that may be sent only our own names are ever looked at or written into a page. */
const askedExample = ({ query }: FastifyRequest, { examples }: ConsolePreset): Example | undefined =>
  examples.find((query as Record<string, unknown>)["example"]);

async function renderSandbox(preset: ConsolePreset, document: string, variables: Variables): Promise<string> {
  const plugin = ApolloServerPluginLandingPageLocalDefault({
    includeCookies: false,
    footer: false,
    document,
    variables,
    headers: headersOf(preset),
    embed: {
      runTelemetry: false,
      endpointIsEditable: false,
      initialState: { pollForSchemaUpdates: false, sharedHeaders: headersOf(preset) },
    },
  });
  const page = await (await plugin.serverWillStart?.({} as never))?.renderLandingPage?.();
  if (!page) throw new Error("Apollo Server has no landing page");
  return typeof page.html === "string" ? page.html : page.html();
}

/**
 * What a browser that opens /graphql gets: Apollo Sandbox with an example and the demo key filled in. Apollo Server's
 * own place for it holds one page, the same for every address.
 */
export async function sendSandbox(request: FastifyRequest, reply: FastifyReply, preset: ConsolePreset) {
  const { examples, basePath } = preset;
  const asked = askedExample(request, preset);
  const example = asked ?? examples.first;
  const html = await renderSandbox(preset, example.document, await examples.variablesNow(example));
  const consolePath = `${basePath}/console/${asked ? `?example=${asked.name}` : ""}`;
  return reply
    .headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" })
    .type("text/html; charset=utf-8")
    .send(withFallback(html, consolePath));
}

const inlineScript = /<script(?: [^>]*)?>([\s\S]+?)<\/script>/g;

function contentSecurityPolicy(html: string, socketUrl: string): string {
  const hashes = [...html.matchAll(inlineScript)].map(([, text]) => {
    return `'sha256-${createHash("sha256")
      .update(text ?? "")
      .digest("base64")}'`;
  });
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(" ")}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    // Said out loud, which older browsers need.
    `connect-src 'self' ${new URL(socketUrl).origin}`,
    "worker-src 'self' blob:",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The same without a network: a console from our own dependencies, at /console/. */
export async function consoleRoutes(app: FastifyInstance, preset: ConsolePreset): Promise<void> {
  // Loaded here, because production without a console needs none of it.
  const { renderAltair, getDistDirectory } = load("altair-static") as typeof import("altair-static");
  const { basePath, examples } = preset;
  const render = ({ document }: Example, variables: Variables, options: RenderOptions = {}) => {
    const html = renderAltair({
      baseURL: `${basePath}/console/`,
      endpointURL: `${basePath}/graphql`,
      initialHeaders: headersOf(preset),
      initialQuery: document,
      initialVariables: JSON.stringify(variables, null, 2),
      subscriptionsEndpoint: preset.socketUrl(),
      initialSubscriptionsPayload: headersOf(preset),
      initialSubscriptionRequestHandlerId: "graphql-ws" as never,
      ...options,
    });
    return { html, policy: contentSecurityPolicy(html, preset.socketUrl()) };
  };
  let opening: ReturnType<typeof render> | undefined;
  // Not before the server listens: only then the socket's address is known.
  const plain = () => (opening ??= render(examples.first, examples.plainVariables(examples.first)));
  app.get("/console/", async (request, reply) => {
    const asked = askedExample(request, preset);
    const { html, policy } = asked ? render(asked, await examples.variablesNow(asked), unsaved) : plain();
    return reply
      .headers({ "content-security-policy": policy, "cache-control": "no-store", "x-content-type-options": "nosniff" })
      .type("text/html; charset=utf-8")
      .send(html);
  });
  await app.register(assets, { root: getDistDirectory(), prefix: "/console/", index: false, decorateReply: false });
}

/** Opens what is given, and not the windows of the last visit; those are kept elsewhere, for who opens /console/. */
const unsaved: RenderOptions = { preserveState: false, instanceStorageNamespace: "vconnct_example_" };
