import { environmentFor } from "../helpers/databases.js";
import { partnerOf } from "../helpers/partner.js";
import { demoKeyOf, run } from "../start/process.js";

/** The real program as a process of its own, which can be killed; spoken to as the others are. */
export async function program(folder: string, env: Record<string, string> = {}) {
  const started = run(["node", "dist/main.js"], {
    PORT: "0",
    ...(await environmentFor(folder)),
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    ...env,
  });
  const url = await started.url();
  const key = demoKeyOf(started.out()) ?? "";
  return { ...started, url, key, gateway: partnerOf(url, key) };
}
