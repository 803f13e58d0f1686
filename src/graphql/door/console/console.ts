import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import assets from "@fastify/static";
import type { RenderOptions } from "altair-static";
import type { FastifyInstance } from "fastify";
import { late } from "../../../late.js";
import { askedExample, type ConsolePreset, headersOf, PAGE_FOLDER } from "./preset.js";

/** Only for who looks at it: it brings a library of its own along, which takes long to load. */
const loadAltair = late(() => import("altair-static"));

const require = createRequire(import.meta.url);
/** Where its own `getDistDirectory` would say. */
const altairFolder = join(require.resolve("altair-static"), "../dist");
const pageFolder = fileURLToPath(new URL("page/", import.meta.url));

/** What its maker would like to show besides: accounts, banners, messages of its own. */
const nothingOfItsMaker: RenderOptions = {
  disableAccount: true,
  persistedSettings: {
    "banners.disable": true,
    "alert.disableUpdateNotification": true,
    disablePushNotification: true,
    "plugin.list": [],
  },
};

/** Opens what is given, and not the windows of the last visit; those are kept elsewhere, for who opens /console/. */
const unsaved: RenderOptions = { preserveState: false, instanceStorageNamespace: "vconnct_example_" };

const hashOf = (script: string): string => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

const policyOf = (script: string, socketUrl: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${hashOf(script)}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    // Said out loud, which older browsers need.
    `connect-src 'self' ${new URL(socketUrl).origin}`,
    "worker-src 'self' blob:",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Altair's own page would be the same without our style and script. */
const pageAround = (base: string, script: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Console · VConnct Gateway</title>
<base href="${base}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="styles.css">
<link rel="stylesheet" href="page/console.css">
</head>
<body>
<app-root></app-root>
<script type="module" src="polyfills.js"></script>
<script type="module" src="main.js"></script>
<script type="module" src="page/console.js"></script>
<script type="module">${script}</script>
</body>
</html>
`;

/** The console without a network, Altair from our own dependencies, at /console/; and what both pages are made of. */
export async function consoleRoutes(app: FastifyInstance, preset: ConsolePreset): Promise<void> {
  const { basePath, examples } = preset;
  app.get("/console/", async (request, reply) => {
    const asked = askedExample(request, preset);
    const example = asked ?? examples.first;
    const { renderInitSnippet } = await loadAltair();
    const { key, variables } = await examples.filledIn(example);
    const script = renderInitSnippet({
      endpointURL: `${basePath}/graphql`,
      initialHeaders: headersOf(key),
      initialQuery: example.document,
      initialVariables: JSON.stringify(variables, null, 2),
      subscriptionsEndpoint: preset.socketUrl(),
      initialSubscriptionsPayload: headersOf(key),
      initialSubscriptionRequestHandlerId: "graphql-ws" as never,
      ...nothingOfItsMaker,
      ...(asked && unsaved),
    });
    const policy = policyOf(script, preset.socketUrl());
    return reply
      .headers({ "content-security-policy": policy, "cache-control": "no-store", "x-content-type-options": "nosniff" })
      .type("text/html; charset=utf-8")
      .send(pageAround(`${basePath}/console/`, script));
  });
  const files = { index: false as const, decorateReply: false };
  await app.register(assets, { ...files, root: altairFolder, prefix: "/console/" });
  await app.register(assets, { ...files, root: pageFolder, prefix: PAGE_FOLDER });
}
