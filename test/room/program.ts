import type { Gateway } from "../helpers/boot.js";
import { environmentFor } from "../helpers/databases.js";
import { run } from "../start/process.js";

/** The real program as a process of its own, which can be killed; spoken to as the others are. */
export async function program(folder: string, env: Record<string, string> = {}) {
  const started = run(["node", "dist/main.js"], {
    PORT: "0",
    ...(await environmentFor(folder)),
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    ...env,
  });
  const url = await started.url();
  const key = /vc_[\w-]{43}/.exec(started.out())?.[0] ?? "";
  const v1: Gateway["v1"] = async (path, { method = "GET", body } = {}) => {
    const headers = { license: key, "content-type": "application/json" };
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };
  return { ...started, url, key, gateway: { v1 } as Gateway };
}
