import type { FastifyRequest } from "fastify";
import type { Example, Examples } from "./examples.js";

/** What both consoles are filled in with. */
export interface ConsolePreset {
  /** Only ever a demo key, only outside production, and only while it lets anybody in: asked anew for each page. */
  demoKey(): Promise<string | undefined>;
  /** The path that PUBLIC_URL carries, without a slash at its end. */
  basePath: string;
  /** Where subscriptions are, with ws or wss. */
  socketUrl(): string;
  examples: Examples;
}

export const headersOf = (licenseKey: string | undefined): Record<string, string> => ({
  license: licenseKey ?? "your license key",
});

/** What `?example=` names; of all that may be sent only our own names are ever looked at or written into a page. */
export const askedExample = ({ query }: FastifyRequest, { examples }: ConsolePreset): Example | undefined =>
  examples.find((query as Record<string, unknown>)["example"]);

/** Below basePath: what our own scripts and styles of both pages are asked for by. */
export const PAGE_FOLDER = "/console/page/";
