import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { LandingPage } from "@apollo/server";
import { ApolloServerPluginLandingPageLocalDefault } from "@apollo/server/plugin/landingPage/default";
import assets from "@fastify/static";
import type { FastifyInstance } from "fastify";

const load = createRequire(import.meta.url);

export interface ConsolePreset {
  /** Only ever a demo key, only outside production. */
  licenseKey: string | undefined;
  /** The path that PUBLIC_URL carries, without a slash at its end. */
  basePath: string;
}

const firstOperation = `# Press the run button: the license key is already in the headers.
query FirstLook {
  license {
    name
    expiresAt
    meetingRooms { used limit }
  }
  meetings(first: 5) {
    nodes { id title isRunning }
    pageInfo { hasNextPage endCursor }
  }
}
`;

const headersOf = ({ licenseKey }: ConsolePreset): Record<string, string> =>
  licenseKey ? { license: licenseKey } : {};

/** Sandbox comes from its maker's servers; without them, ours takes over. */
function withFallback(html: string, consolePath: string): string {
  const nonce = /nonce-([0-9a-f]+)/.exec(html)?.[1] ?? "";
  const script = [
    `var instead = function () { location.replace(${JSON.stringify(consolePath)}); };`,
    `addEventListener("error", function (event) { if (event.target instanceof HTMLScriptElement) instead(); }, true);`,
    `setTimeout(function () { if (!window.EmbeddedSandbox) instead(); }, 8000);`,
  ].join("\n");
  return html.replace("<head>", `<head>\n<script nonce="${nonce}">\n${script}\n</script>`);
}

/** What a browser that opens /graphql gets: Apollo Sandbox, with the first operation (and the demo key) filled in. */
export async function sandboxPage(preset: ConsolePreset): Promise<LandingPage> {
  const plugin = ApolloServerPluginLandingPageLocalDefault({
    includeCookies: false,
    footer: false,
    document: firstOperation,
    headers: headersOf(preset),
    embed: {
      runTelemetry: false,
      endpointIsEditable: false,
      initialState: { pollForSchemaUpdates: false, sharedHeaders: headersOf(preset) },
    },
  });
  const page = await (await plugin.serverWillStart?.({} as never))?.renderLandingPage?.();
  if (!page) throw new Error("Apollo Server has no landing page");
  const { html } = page;
  return {
    html: async () => withFallback(typeof html === "string" ? html : await html(), `${preset.basePath}/console/`),
  };
}

const inlineScript = /<script(?: [^>]*)?>([\s\S]+?)<\/script>/g;

function contentSecurityPolicy(html: string): string {
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
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The same without a network: a console from our own dependencies, at /console/. */
export async function consoleRoutes(app: FastifyInstance, preset: ConsolePreset): Promise<void> {
  // Loaded here, because production without a console needs none of it.
  const { renderAltair, getDistDirectory } = load("altair-static") as typeof import("altair-static");
  const html = renderAltair({
    baseURL: `${preset.basePath}/console/`,
    endpointURL: `${preset.basePath}/graphql`,
    initialHeaders: headersOf(preset),
    initialQuery: firstOperation,
  });
  const policy = contentSecurityPolicy(html);
  app.get("/console/", async (_request, reply) =>
    reply
      .headers({ "content-security-policy": policy, "cache-control": "no-store", "x-content-type-options": "nosniff" })
      .type("text/html; charset=utf-8")
      .send(html),
  );
  await app.register(assets, { root: getDistDirectory(), prefix: "/console/", index: false, decorateReply: false });
}
