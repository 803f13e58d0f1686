import { Agent, request } from "node:http";
import type { Server } from "../servers.js";
import { headers } from "../works/work.js";

/** Lines are kept, as partners' programs do; and it costs less than `fetch`, because who measures has the same machine. */
const agent = new Agent({ keepAlive: true });

/** Asks for an address. @returns its text. @throws Error unless the answer is a success */
export function ask(
  server: Pick<Server, "url">,
  path: string,
  given: Record<string, string>,
  body?: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const method = body ? "POST" : "GET";
    const all = { ...given, ...(body && { "content-type": "application/json" }) };
    const asked = request(server.url + path, { agent, method, headers: all }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        if ((response.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${path}: ${response.statusCode} ${text}`));
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Asks v1 as a partner does. @returns the answer's data */
export async function askV1<Data>(
  server: Pick<Server, "url">,
  key: string,
  path: string,
  body?: object,
): Promise<Data> {
  return (
    JSON.parse(await ask(server, `/api/v1/${path}`, headers(key), body && JSON.stringify(body))) as { data: Data }
  ).data;
}

/** How long it takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
